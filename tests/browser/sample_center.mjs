// The sample center centers/laocai in the real program, read in Vietnamese: sign-in, the panel with delivered cases, the
// tile map, the list of work, the way from a figure to the archived bytes; then every screen at a phone's width.
import { join } from 'node:path';
import { account, expect, expectNoBarriers, expectNoSidewaysScroll, makeToken, push, root, setUp, startServer, stopServer, withBrowser, withFolder } from './harness.mjs';

const panel = '/panels/public_services';
const commune = { code: '02647', name: 'Lào Cai' };
const overdueKey = '000.00.16.H38-000000-0099';
const day = 86_400_000;
const iso = (moment) => new Date(moment).toISOString();

function caseRow(now, number, more) {
  return JSON.stringify({
    maHoSo: number, maThuTuc: '1.011443.000.00.00.H38', linhVuc: 'land', maXa: commune.code, maCoQuan: '000.00.16.H38', kenhTiepNhan: 2, trangThai: 4,
    ngayTiepNhan: iso(now), ngayHenTra: iso(now + day), ngayKetThuc: null, capNhatLuc: iso(now), phi: 0, thanhToanTrucTuyen: null, soHoa: 1, mucHaiLong: null, ...more,
  });
}

/** Twelve cases finished in time, one late, one that is overdue: 12/13 of the finished are on time. */
async function deliverCases(server, token) {
  const now = Date.now();
  const finished = { trangThai: 10, ngayKetThuc: iso(now) };
  const rows = [
    ...Array.from({ length: 12 }, (_, index) => caseRow(now, `000.00.16.H38-000000-00${10 + index}`, finished)),
    caseRow(now, '000.00.16.H38-000000-0050', { ...finished, ngayTiepNhan: iso(now - 2 * day), ngayHenTra: iso(now - day) }),
    caseRow(now, overdueKey, { ngayTiepNhan: iso(now - 3 * day), ngayHenTra: iso(now - day) }),
  ];
  const { counts } = await push(server, 'case_system', token, 'application/x-ndjson', `${rows.join('\n')}\n`);
  expect(counts.accepted === rows.length, `not all cases were accepted: ${JSON.stringify(counts)}`);
}

async function signOutAndIn(page) {
  await page.locator('[data-testid=menu]').click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
  await page.getByLabel('Tên đăng nhập').fill(account.name);
  await page.locator('input[name=password]').fill('not the password at all');
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
  await page.locator('input[name=password]').fill(account.password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('heading', { level: 1, name: 'Dịch vụ công · Lào Cai' }).waitFor();
}

async function seeThePanel(page) {
  const rate = page.locator('[data-testid=figure-card][data-indicator=on_time_rate]');
  await page.locator('[data-testid=figure-card][data-indicator=on_time_rate][data-judgement=watch]').waitFor();
  const card = await rate.innerText();
  for (const word of ['Tỷ lệ giải quyết đúng hạn', '92,3', '%', 'Cần theo dõi', 'Mục tiêu 98%', 'mô phỏng']) expect(card.includes(word), `the card does not say "${word}": ${card}`);
  for (const text of ['Số liệu mô phỏng, không phải số liệu thật.', 'Thay đổi đáng chú ý', 'Tỷ lệ hồ sơ nộp trực tuyến', 'Nơi cần chú ý']) await page.getByText(text).first().waitFor();
  expect((await page.locator('html').getAttribute('lang')) === 'vi', 'the page does not say that it is Vietnamese');
  const tiles = page.locator('[data-testid=tile]');
  await tiles.first().waitFor();
  expect((await tiles.count()) === 99, `${await tiles.count()} tiles for 99 communes`);
  const tile = await page.locator(`[data-testid=tile][data-unit="${commune.code}"]`).getAttribute('aria-label');
  expect(tile === `${commune.name}: 92,3% · Cần theo dõi · mô phỏng`, `the tile says "${tile}"`);
}

async function seeTheWork(page) {
  const section = page.getByRole('region', { name: 'Việc cần xử lý' }).or(page.locator('section', { has: page.getByRole('heading', { name: 'Việc cần xử lý' }) })).first();
  await section.getByRole('button', { name: 'Hồ sơ quá hạn · 1' }).waitFor();
  const row = section.locator('[data-testid=work]').first();
  await row.waitFor();
  expect((await row.innerText()).includes(overdueKey), 'the overdue case is not in the list of work');
  const first = section.locator('[data-testid=ranked]').first();
  expect((await first.getAttribute('data-unit')) === commune.code, 'the commune with the overdue case is not first');
}

/** From the card to the bytes as they came; `look` checks each screen on the way. */
async function followThePassport(page, look) {
  await page.locator('[data-testid=figure-card][data-indicator=overdue_cases] button').click();
  const passport = page.locator('[data-testid=passport]');
  await passport.getByText('Trạng thái công bố').waitFor();
  await look('passport');
  await passport.locator('a[href*="/records?"]').first().click();
  await page.locator('[data-testid=record]').first().waitFor();
  await look('records');
  await page.getByRole('link', { name: overdueKey }).click();
  await page.locator('[data-testid=version]').first().waitFor();
  await look('versions');
  await page.locator('[data-testid=version] a').first().click();
  const raw = page.locator('[data-testid=raw-row][data-marked]');
  await raw.waitFor();
  expect((await raw.innerText()).includes(`"maHoSo":"${overdueKey}"`), 'the archived row is not the one that was sent');
  await look('raw rows');
}

async function walkAtPhoneWidth(page, server) {
  await page.setViewportSize({ width: 390, height: 844 });
  const look = (name) => expectNoSidewaysScroll(page, `${name} at 390`);
  await page.goto(server.address + panel);
  await page.locator('[data-testid=work]').first().waitFor();
  await look('panel');
  await followThePassport(page, look);
  // A past moment in which the source had not been heard yet: its long name stands in the summary.
  const past = `${panel}?as_of=${iso(Date.now() - day)}&period=${iso(Date.now() - day).slice(0, 7)}`;
  for (const [path, shown] of [[past, 'as-of-banner'], ['/sources', 'source'], ['/deliveries', 'delivery'], [`${panel}?unit=${commune.code}`, 'figure-value'], ['/panels/public_services_agencies', 'figure-value']]) {
    await page.goto(server.address + path);
    await page.locator(`[data-testid=${shown}]`).first().waitFor();
    await page.locator('[data-testid=summary], [data-testid=source], [data-testid=delivery]').first().waitFor();
    await look(path);
  }
}

await withFolder(async (folder) => {
  const server = await startServer(join(root, 'centers/laocai'), join(folder, 'data'));
  try {
    await withBrowser(async (context, complaints) => {
      const page = context.pages()[0] ?? (await context.newPage());
      page.setDefaultTimeout(20_000);
      await setUp(page, server, 'Nguyễn Thị Hòa');
      await deliverCases(server, await makeToken(page, 'case_system'));
      await signOutAndIn(page);
      // A refused sign-in is an error of the network to the browser; nothing else may have been said.
      const refused = complaints.splice(0);
      expect(refused.every((text) => /status of 401/.test(text)), `the console complains: ${refused.join('; ')}`);
      await seeThePanel(page);
      await seeTheWork(page);
      await expectNoBarriers(page, 'the panel');
      await followThePassport(page, (name) => expectNoSidewaysScroll(page, name));
      await walkAtPhoneWidth(page, server);
      expect(complaints.length === 0, `the console complains: ${complaints.join('; ')}`);
    }, { viewport: { width: 1440, height: 900 }, locale: 'vi-VN' });
    console.log('sign-in, panel, tile map, work, passport to bytes, phone width: all seen in Vietnamese');
  } finally {
    await stopServer(server);
  }
});
