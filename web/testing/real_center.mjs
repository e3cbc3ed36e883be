// The real program on loopback, for the browser tests and the pictures: started, set up, and given a push token.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';

export const account = { name: 'admin', password: 'correct horse battery staple' };

/** Serves a center's folder with web/dist; answers when it does. Port 0: any. */
export function startServer(program, center, data, port = 0) {
  const child = spawn(program, ['serve', '--data', data, '--center', center, '--port', String(port), '--web', join(root, 'dist')],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('error', reject);
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

/** Ends it at once, as a power cut would. */
export function stopServer(server) {
  return new Promise((resolve) => {
    server.child.removeAllListeners('exit');
    server.child.on('exit', resolve);
    server.child.kill('SIGKILL');
  });
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
    const session = await (await window.fetch('/api/v1/session')).json();
    const made = await window.fetch(`/api/v1/sources/${name}/tokens`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token }, body: JSON.stringify({ label: 'browser' }),
    });
    return (await made.json()).token;
  }, source);
}

/**
 * Sends the history of the simulated case system and goes on with what happens now; answers when the history is
 * there, which its report shows by hardly growing any more.
 */
export function startSimulation(program, center, address, tokenFile, history) {
  const child = spawn(program, ['simulate', 'public_services', '--center', center, '--url', address, '--token-file', tokenFile, '--history', history],
    { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    let before = -1;
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the simulation ended with ${code}`)));
    child.stdout.on('data', (bytes) => {
      const sent = Number(/sent (\d+) rows/.exec(String(bytes))?.[1] ?? NaN);
      if (Number.isNaN(sent)) return;
      if (before > 0 && sent - before < 200) resolve({ stop: () => { child.removeAllListeners('exit'); child.kill('SIGTERM'); } });
      before = sent;
    });
  });
}
