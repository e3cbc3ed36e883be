// Walks through every screen of web/dist against the mock server at the widths of a phone, a desk and a
// wall, in light and dark: no CSP complaint, no error, no barrier that axe sees, no page that scrolls
// sideways; freezes, recovers, keeps judgements. Pictures go to web/screens.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';
import { findBarriers, withBrowser } from './browser.mjs';
import { startMockServer } from './mock_server.mjs';

const widths = { phone: [390, 844], desk: [1440, 900], wall: [3840, 2160] };
const folder = join(root, 'screens');
const problems = [];
const expect = (fine, text) => { if (!fine) problems.push(text); };

async function look(page, name, { full = true } = {}) {
  await page.evaluate(() => document.fonts.ready);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways <= 0, `${name}: the page scrolls sideways by ${sideways}px`);
  for (const barrier of await findBarriers(page)) problems.push(`${name}: ${barrier}`);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: full });
}

async function signIn(page, address) {
  await page.goto(`${address}/`);
  await page.locator('input[name=name]').fill('hoa');
  await page.locator('input[name=password]').fill('mot-mat-khau-dai');
  await page.locator('button[type=submit]').click();
  await page.locator('[data-testid=figure-card]').first().waitFor();
}

async function walk(page, address, size) {
  await page.goto(`${address}/`);
  await page.locator('input[name=name]').waitFor();
  await look(page, `${size}-sign-in`);
  await signIn(page, address);
  await look(page, `${size}-panel`, { full: size !== 'wall' });
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
  const others = { sources: '/sources', deliveries: '/deliveries', delivery: '/deliveries/1280', quarantine: '/quarantine', past: '/panels/public_services?unit=02600&as_of=2026-11-20T01:00:00Z&period=2026-10' };
  for (const [name, path] of Object.entries(others)) {
    await page.goto(address + path);
    await page.locator('[data-testid=source], [data-testid=delivery], [data-testid=balance], [data-testid=quarantined-row], [data-testid=figure-value]').first().waitFor();
    await look(page, `${size}-${name}`, { full: false });
  }
}

async function watchLive(page, server) {
  await page.goto(`${server.address}/panels/public_services`);
  const received = page.locator('[data-indicator=received] [data-testid=figure-value]');
  const indicator = page.locator('[data-testid=live-indicator]');
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor();
  const before = Number(await received.getAttribute('data-value'));
  server.push();
  await page.waitForFunction((value) => Number(document.querySelector('[data-indicator=received] [data-testid=figure-value]').dataset.value) === value, before + 1, { timeout: 1000 });

  const judgement = await page.locator('[data-indicator=on_time_rate]').getAttribute('data-judgement');
  server.world.silent = true;
  server.snapshot();
  await page.locator('[data-indicator=on_time_rate][data-silent]').waitFor();
  expect(await page.locator('[data-indicator=on_time_rate]').getAttribute('data-judgement') === judgement, 'silence changed the judgement');
  await look(page, 'desk-silent');

  server.state.hold = true;
  await page.locator('[data-testid=frozen-banner]').waitFor({ timeout: 8000 });
  expect(await indicator.getAttribute('data-phase') === 'frozen', 'the indicator does not say frozen');
  await look(page, 'desk-frozen');
  server.state.hold = false;
  server.world.silent = false;
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor({ timeout: 15000 });

  await page.locator('[data-testid=language]').selectOption('en');
  await page.locator('text=On-time rate').first().waitFor();
  await page.locator('[data-testid=unit-row]').first().waitFor();
  await page.locator('input[type=search]').fill('muong');
  expect(await page.locator('[data-testid=unit-row]').count() === 3, 'search without diacritics finds 3 units');
  await look(page, 'desk-english', { full: false });
  await page.locator('[data-testid=unit-row] a').first().click();
  await page.locator('[data-indicator=received]').waitFor();
  await look(page, 'desk-commune', { full: false });
}

await mkdir(folder, { recursive: true });
const server = await startMockServer();
try {
  for (const [size, [width, height]] of Object.entries(widths)) {
    const options = { viewport: { width, height }, colorScheme: size === 'wall' ? 'dark' : 'light' };
    await withBrowser(async (context, complaints) => {
      const page = context.pages()[0] ?? (await context.newPage());
      page.setDefaultTimeout(10_000);
      await walk(page, server.address, size);
      if (size === 'desk') await watchLive(page, server);
      for (const complaint of complaints) problems.push(`${size}: console: ${complaint}`);
    }, options);
  }
} finally {
  await server.stop();
}
for (const problem of [...new Set(problems)]) console.error(problem);
console.log(`${problems.length} problems, pictures in web/screens`);
process.exit(problems.length > 0 ? 1 : 0);
