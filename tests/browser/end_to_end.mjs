// The real program in a real browser: set-up, a pushed record that changes the figure within a second, the
// passport down to the archived bytes, a source that falls silent, a server that goes away.
// With SCREENS=folder it also keeps pictures at phone, desk and wall width.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.FANSIPAN_PROGRAM;
const password = 'correct horse battery staple';
const columns = ['case:channel', 'case:concept:name', 'case:deadline', 'case:department', 'case:enddate', 'case:startdate',
  'concept:instance', 'concept:name', 'org:resource', 'time:timestamp'];

function skip(reason) {
  console.log(reason);
  process.exit(77);
}
if (!program) skip('FANSIPAN_PROGRAM is not set');
if (!existsSync(join(root, 'web/node_modules/playwright-core'))) skip('the browser driver is not installed (npm ci in web/)');
if (!existsSync(join(root, 'web/dist/index.html'))) skip('the screens are not built (./dev web)');
const { findBarriers, withBrowser } = await import('../../web/testing/browser.mjs');

function expect(fine, text) {
  if (!fine) throw new Error(text);
}

/** A copy of the permits center whose source falls silent after seconds, with a panel of daily figures. */
async function makeCenter(folder) {
  const center = join(folder, 'center');
  await cp(join(root, 'tests/centers/permits'), center, { recursive: true });
  const sources = join(center, 'systems/permits/sources.yaml');
  await writeFile(sources, `${await readFile(sources, 'utf8')}    silent_after: 6s\n`);
  await writeFile(join(center, 'systems/permits/panels.yaml'), `panels:
  permits:
    title: {en: Permits}
    tree: organisation
    items:
      - {figure: all_cases, period: day, trend: 12}
      - {figure: on_time_rate, period: year, trend: 2}
      - {breakdown: all_cases, period: day}
`);
  return center;
}

function startServer(center, data, port) {
  const child = spawn(program, ['serve', '--data', data, '--center', center, '--port', String(port), '--web', join(root, 'web/dist')],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.stdout.on('data', (bytes) => {
      text += bytes;
      const serving = /serving http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (!serving) return;
      const link = /set-up link: (\S+)/.exec(text);
      resolve({ child, address: `http://127.0.0.1:${serving[1]}`, port: Number(serving[1]), link: link?.[1] });
    });
  });
}

function stopServer(server) {
  return new Promise((resolve) => {
    server.child.removeAllListeners('exit');
    server.child.on('exit', resolve);
    server.child.kill('SIGKILL');
  });
}

async function setUp(page, server) {
  await page.goto(server.link);
  await page.locator('input[name=name]').fill('admin');
  const displayName = page.locator('input[name=display_name]');
  if (await displayName.count()) await displayName.fill('Quản trị');
  for (const field of await page.locator('input[type=password]').all()) await field.fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('[data-testid=live-indicator]').waitFor();
}

/** A push token, made with the signed-in page's own session. */
async function makeToken(page) {
  return page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json();
    const made = await fetch('/api/v1/sources/permit_log/tokens', {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token }, body: JSON.stringify({ label: 'browser' }),
    });
    return (await made.json()).token;
  });
}

async function push(server, token, number) {
  const now = new Date().toISOString();
  const row = ['Desk', `case-${number}`, '2030-01-01T00:00:00Z', 'General', now, now, `event-${number}`, 'Received', 'Resource1', now];
  const answer = await fetch(`${server.address}/api/v1/sources/permit_log/deliveries`, {
    method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' }, body: `${columns.join(',')}\n${row.join(',')}\n`,
  });
  expect(answer.status === 201, `push answered ${answer.status}: ${await answer.text()}`);
}

const figure = (page) => page.locator('[data-indicator=all_cases] [data-testid=figure-value]').first();

async function seeChange(page, server, token) {
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor();
  await push(server, token, 1);
  await page.waitForFunction(() => document.querySelector('[data-indicator=all_cases] [data-testid=figure-value]')?.dataset.value === '1', null, { timeout: 5000 });
  const started = Date.now();
  await push(server, token, 2);
  await page.waitForFunction(() => document.querySelector('[data-indicator=all_cases] [data-testid=figure-value]')?.dataset.value === '2', null, { timeout: 1000 });
  console.log(`pushed and on the screen after ${Date.now() - started} ms`);
}

async function followThePassport(page) {
  await page.locator('[data-indicator=all_cases] button').first().click();
  await page.locator('[data-testid=passport] a[href*="/records?"]').first().click();
  await page.locator('[data-testid=record] a').first().click();
  await page.locator('[data-testid=version] a').first().click();
  const raw = page.locator('[data-testid=raw-row][data-marked]').first();
  await raw.waitFor();
  expect((await raw.innerText()).includes('case-'), 'the archived row is not shown');
}

async function seeSilence(page, server) {
  await page.goto(`${server.address}/panels/permits`);
  await figure(page).waitFor();
  const card = page.locator('[data-indicator=on_time_rate]').first();
  await page.locator('[data-indicator=all_cases][data-silent]').first().waitFor({ timeout: 20_000 });
  expect((await figure(page).getAttribute('data-value')) === '2', 'silence took the value');
  expect((await card.getAttribute('data-judgement')) !== null, 'silence took the judgement');
}

async function seeFrozenAndRecover(page, server, center, data) {
  await stopServer(server);
  await page.locator('[data-testid=frozen-banner]').waitFor({ timeout: 10_000 });
  const again = await startServer(center, data, server.port);
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor({ timeout: 30_000 });
  return again;
}

async function takePictures(page, server, folder) {
  for (const [name, width, height] of [['phone', 390, 844], ['desk', 1440, 900], ['wall', 3840, 2160]]) {
    await page.setViewportSize({ width, height });
    await page.goto(`${server.address}/panels/permits`);
    await figure(page).waitFor();
    await page.screenshot({ path: join(folder, `permits-${name}.png`) });
  }
}

const folder = await mkdtemp(join(tmpdir(), 'fansipan-end-to-end-'));
const data = join(folder, 'data');
const center = await makeCenter(folder);
let server = await startServer(center, data, 0);
try {
  await withBrowser(async (context, complaints) => {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    await setUp(page, server);
    const token = await makeToken(page);
    await page.goto(`${server.address}/panels/permits`);
    await seeChange(page, server, token);
    const barriers = await findBarriers(page);
    expect(barriers.length === 0, `barriers: ${barriers.join('; ')}`);
    await followThePassport(page);
    await seeSilence(page, server);
    expect(complaints.length === 0, `the console complains: ${complaints.join('; ')}`);
    if (process.env.SCREENS) await takePictures(page, server, process.env.SCREENS);
    server = await seeFrozenAndRecover(page, server, center, data);
  }, { viewport: { width: 1440, height: 900 } });
  console.log('set-up, change, passport to bytes, silent, frozen and recovered: all seen');
} finally {
  await stopServer(server);
  await rm(folder, { recursive: true, force: true });
}
