// Walks through every screen of web/dist against the mock server at the widths of a phone, a desk and a
// wall, in the themes light, dark and wall: no CSP complaint, no error, no barrier that axe sees, no page that
// scrolls sideways, no wall that scrolls at all, no header of two lines at a desk, no diacritic cut off; cards
// keep their size from loading to live; freezes, recovers, keeps judgements. Pictures go to web/screens.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';
import { findBarriers, findCutText, withBrowser } from './browser.mjs';
import { startMockServer } from './mock_server.mjs';

const widths = { phone: [390, 844], desk: [1440, 900], wall: [3840, 2160] };
const folder = join(root, 'screens');
const problems = [];
const expect = (fine, text) => { if (!fine) problems.push(text); };

async function look(page, name, { full = true, barriers = true } = {}) {
  await page.evaluate(() => document.fonts.ready);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways <= 0, `${name}: the page scrolls sideways by ${sideways}px`);
  if (barriers) for (const barrier of await findBarriers(page)) problems.push(`${name}: ${barrier}`);
  for (const text of await findCutText(page)) problems.push(`${name}: diacritics may be cut off: ${text}`);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: full });
}

async function signIn(page, address) {
  await page.goto(`${address}/`);
  await page.locator('input[name=name]').fill('hoa');
  await page.locator('input[name=password]').fill('mot-mat-khau-dai');
  await page.locator('button[type=submit]').click();
  await page.locator('[data-testid=tile]').first().waitFor();
}

async function choose(page, what, value) {
  await page.locator('[data-testid=menu]').click();
  await page.locator(`[data-testid=${what}]`).selectOption(value);
  await page.keyboard.press('Escape');
}

async function walk(page, address, size) {
  await page.goto(`${address}/`);
  await page.locator('input[name=name]').waitFor();
  await look(page, `${size}-sign-in`);
  await signIn(page, address);
  await look(page, `${size}-panel`, { full: size === 'phone' });
  await page.locator('[data-indicator=on_time_rate] button').click();
  await page.locator('[data-testid=passport] canvas').waitFor();
  await look(page, `${size}-passport`, { full: false });
  await page.locator('[data-testid=passport] a[href*="/records?"]').first().click();
  await page.locator('[data-testid=record]').first().waitFor();
  await look(page, `${size}-records`, { full: false });
  await page.locator('[data-testid=record] a').first().click();
  await page.locator('[data-testid=version]').first().waitFor();
  await look(page, `${size}-versions`);
  await page.locator('[data-testid=version] a').first().click();
  await page.locator('[data-testid=raw-row][data-marked]').waitFor();
  await look(page, `${size}-raw`);
  const others = {
    alarms: '/alarms', sources: '/sources', source: '/sources/case_system', deliveries: '/deliveries', delivery: '/deliveries/1280', quarantine: '/quarantine',
    quarantined_row: '/quarantine?reason=not_allowed&open=false&opened=495', mapping: '/mapping?source=case_system&dataset=case', secrets: '/secrets',
    past: '/panels/public_services?unit=02671&as_of=2026-11-20T01:00:00Z&period=2026-10',
    territory: '/panels/public_services?unit=02671&territory=2026-11-20&passport=satisfaction_score~territory~2026-11~02671',
    changed_unit: '/panels/public_services?unit=02671&passport=on_time_rate~territory~2026-11~02671', agencies: '/panels/public_services_agencies',
  };
  for (const [name, path] of Object.entries(others)) {
    await page.goto(address + path);
    await page.locator('[data-testid=alarm], [data-testid=source], [data-testid=quality-score], [data-testid=delivery], [data-testid=balance], [data-testid=quarantined-row], [data-testid=secret], textarea, [data-testid=figure-value]').first().waitFor();
    await look(page, `${size}-${name}`, { full: false });
  }
}

/** The component page and the panel in every theme; what a theme changes is colour and size, so two sizes do. */
async function walkThemes(page, address, language) {
  for (const theme of ['light', 'dark', 'wall']) {
    await page.goto(`${address}/components?theme=${theme}`);
    await page.locator('[data-testid=specimen] canvas').first().waitFor();
    expect((await page.locator('[data-testid=specimen]').count()) >= 80, `components-${theme}: specimens are missing`);
    expect((await page.locator('html').getAttribute('lang')) === language, `components-${theme}: not in ${language}`);
    await look(page, `components-${theme}-${language}`);
    await page.goto(`${address}/panels/public_services`);
    await page.locator('[data-testid=work], [data-testid=tile]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.theme) === theme, `${theme}: the choice was not remembered`);
    await look(page, `panel-${theme}-${language}`, { full: false });
  }
}

async function checkWall(page, address) {
  await page.goto(`${address}/panels/public_services?theme=wall`);
  for (const [width, height] of [[1920, 1080], [3840, 2160]]) {
    await page.setViewportSize({ width, height });
    await page.locator('[data-testid=tile]').first().waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
    expect(over <= 0, `wall ${width}x${height}: scrolls by ${over}px`);
    for (const text of await findOverflow(page)) problems.push(`wall ${width}x${height}: runs out of its box: ${text}`);
    await look(page, `wall-${width}`, { full: false });
  }
}

/** Cards and sections whose content is taller or wider than they are. */
function findOverflow(page) {
  return page.evaluate(() => [...document.querySelectorAll('[data-testid=figure-card], section')]
    .filter((box) => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2)
    .map((box) => (box.getAttribute('data-indicator') ?? box.getAttribute('aria-label') ?? 'section')));
}

async function checkDesk(page, address) {
  for (const width of [1280, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${address}/panels/public_services`);
    await page.locator('[data-testid=tile]').first().waitFor();
    const height = await page.locator('header').first().evaluate((head) => head.getBoundingClientRect().height);
    expect(height < 64, `the header is ${height}px high at ${width}px`);
  }
  await page.goto(`${address}/components?theme=light`);
  const heightOf = (state) => page.locator(`#figure_card [data-state=${state}] article`).evaluate((card) => card.getBoundingClientRect().height);
  await page.locator('#figure_card').waitFor();
  await page.evaluate(() => document.fonts.ready);
  const [loading, live] = [await heightOf('loading'), await heightOf('live')];
  expect(Math.abs(loading - live) < 1, `a card is ${loading}px high while loading and ${live}px when live`);
}

/** What came last of a change must be seen, and only for a moment. */
async function watchLive(page, server) {
  await page.goto(`${server.address}/panels/public_services`);
  const received = page.locator('[data-indicator=received_cases] [data-testid=figure-value]');
  const indicator = page.locator('[data-testid=live-indicator]');
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor();
  const before = Number(await received.getAttribute('data-value'));
  expect(await page.locator('[data-changed]').count() === 0, 'something is marked as changed at first');
  server.push();
  await page.locator(`[data-indicator=received_cases] [data-value="${before + 1}"] [data-changed]`).waitFor();

  const judgement = await page.locator('[data-indicator=on_time_rate]').getAttribute('data-judgement');
  server.world.silent = true;
  server.snapshot();
  await page.locator('[data-indicator=on_time_rate][data-silent]').waitFor();
  expect(await page.locator('[data-indicator=on_time_rate]').getAttribute('data-judgement') === judgement, 'silence changed the judgement');
  await look(page, 'desk-silent');

  server.state.hold = true;
  const held = Date.now();
  await page.locator('[data-testid=frozen-banner]').waitFor({ timeout: 8000 });
  expect(Date.now() - held <= 5_500, `the display said frozen only after ${Date.now() - held} ms`);
  expect(await indicator.getAttribute('data-phase') === 'frozen', 'the indicator does not say frozen');
  expect(await page.locator('[data-indicator=on_time_rate]').getAttribute('data-judgement') === judgement, 'freezing changed the judgement');
  await look(page, 'desk-frozen');
  server.state.hold = false;
  server.world.silent = false;
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor({ timeout: 20000 });

  await choose(page, 'language', 'en');
  await page.locator('text=On-time rate').first().waitFor();
  await page.locator('[data-testid=unit-row]').first().waitFor();
  await page.locator('input[type=search]').fill('muong');
  expect(await page.locator('[data-testid=unit-row]').count() === 4, 'search without diacritics finds 4 units');
  await look(page, 'desk-english', { full: false });
  await page.locator('[data-testid=tile]').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('nav li >> nth=1').waitFor();
  await page.locator('[data-indicator=received_cases]').waitFor();
  await look(page, 'desk-commune', { full: false });
}

await mkdir(folder, { recursive: true });
const server = await startMockServer();
try {
  for (const [size, [width, height]] of Object.entries(widths)) {
    const options = { viewport: { width, height }, colorScheme: size === 'wall' ? 'dark' : 'light' };
    await withBrowser(async (context, complaints) => {
      const page = context.pages()[0] ?? (await context.newPage());
      page.setDefaultTimeout(30_000);
      await walk(page, server.address, size);
      if (size === 'desk') {
        await watchLive(page, server);
        await walkThemes(page, server.address, 'en');
        await choose(page, 'language', 'vi');
        await walkThemes(page, server.address, 'vi');
        await checkWall(page, server.address);
        await checkDesk(page, server.address);
      }
      for (const complaint of complaints) problems.push(`${size}: console: ${complaint}`);
    }, options);
  }
} finally {
  await server.stop();
}
for (const problem of [...new Set(problems)]) console.error(problem);
console.log(`${problems.length} problems, pictures in web/screens`);
process.exit(problems.length > 0 ? 1 : 0);
