// What the browser tests share: the real program, deliveries, and what must hold of every screen. A test that misses
// what it needs ends with 77, which CTest counts as skipped.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.FANSIPAN_PROGRAM;

function skip(reason) {
  console.log(reason);
  process.exit(77);
}
if (!program) skip('FANSIPAN_PROGRAM is not set');
if (!existsSync(join(root, 'web/node_modules/playwright-core'))) skip('the browser driver is not installed (npm ci in web/)');
if (!existsSync(join(root, 'web/dist/index.html'))) skip('the screens are not built (./dev web)');
const { findBarriers, withBrowser } = await import('../../web/testing/browser.mjs');
const { account, makeToken, setUp, startServer: startCenter, stopServer } = await import('../../web/testing/real_center.mjs');
export { account, makeToken, setUp, stopServer, withBrowser };

export function expect(fine, text) {
  if (!fine) throw new Error(text);
}

export const startServer = (center, data, port) => startCenter(program, center, data, port);

/** Runs `work` with an empty folder, which is gone afterwards. */
export async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'fansipan-browser-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
