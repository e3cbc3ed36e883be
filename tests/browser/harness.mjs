// What the browser tests share: the real program on loopback, its set-up link, push tokens, and what must hold of
// every screen. A test that misses what it needs ends with 77, which CTest counts as skipped.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const account = { name: 'admin', password: 'correct horse battery staple' };
const program = process.env.FANSIPAN_PROGRAM;

function skip(reason) {
  console.log(reason);
  process.exit(77);
}
if (!program) skip('FANSIPAN_PROGRAM is not set');
if (!existsSync(join(root, 'web/node_modules/playwright-core'))) skip('the browser driver is not installed (npm ci in web/)');
if (!existsSync(join(root, 'web/dist/index.html'))) skip('the screens are not built (./dev web)');
export const { findBarriers, withBrowser } = await import('../../web/testing/browser.mjs');

export function expect(fine, text) {
  if (!fine) throw new Error(text);
}

export function startServer(center, data, port = 0) {
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

export function stopServer(server) {
  return new Promise((resolve) => {
    server.child.removeAllListeners('exit');
    server.child.on('exit', resolve);
    server.child.kill('SIGKILL');
  });
}

/** Runs `work` with an empty folder, which is gone afterwards. */
export async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'fansipan-browser-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the first account by the server's link; the page is signed in afterwards. */
export async function setUp(page, server, displayName) {
  await page.goto(server.link);
  await page.locator('input[name=name]').fill(account.name);
  await page.locator('input[name=display_name]').fill(displayName);
  for (const field of await page.locator('input[type=password]').all()) await field.fill(account.password);
  await page.locator('button[type=submit]').click();
  await page.locator('[data-testid=live-indicator]').waitFor();
}

/** A push token, made with the signed-in page's own session. */
export async function makeToken(page, source) {
  return page.evaluate(async (name) => {
    const session = await (await fetch('/api/v1/session')).json();
    const made = await fetch(`/api/v1/sources/${name}/tokens`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token }, body: JSON.stringify({ label: 'browser' }),
    });
    return (await made.json()).token;
  }, source);
}

/** Delivers a body; answers with the report. */
export async function push(server, source, token, mediaType, body) {
  const answer = await fetch(`${server.address}/api/v1/sources/${source}/deliveries`, {
    method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': mediaType }, body,
  });
  const text = await answer.text();
  expect(answer.status === 201, `push answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** No screen may scroll sideways; what is wider, a table, scrolls within itself. */
export async function expectNoSidewaysScroll(page, name) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over <= 0, `${name}: the page scrolls sideways by ${over}px`);
}

export async function expectNoBarriers(page, name) {
  const barriers = await findBarriers(page);
  expect(barriers.length === 0, `${name}: barriers: ${barriers.join('; ')}`);
}
