// One Chromium for tests: no profile is kept, nothing is reached but loopback.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Gives `work` a browser context; collects what pages say on the console and what they throw. */
export async function withBrowser(work, options = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'fansipan-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags, timezoneId: 'Asia/Ho_Chi_Minh', ...options,
  });
  const complaints = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complaints.push(`${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  try {
    return await work(context, complaints);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** What axe finds against WCAG 2.2 A and AA. Runs by the debugger, which the page's CSP does not concern. */
export async function findBarriers(page) {
  await page.evaluate(await (await import('node:fs/promises')).readFile(axePath, 'utf8'));
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
}

/**
 * Texts in boxes that cut what sticks out, with too little room for a capital with two diacritics. Inter reaches
 * 1.11 em above and 0.22 em below its line; its own box is 0.97 em and 0.24 em.
 */
export function findCutText(page) {
  return page.evaluate(() => [...document.querySelectorAll('body *')].filter((element) => {
    const style = window.getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && /\p{L}/u.test(node.textContent));
    if (!own || style.overflowY === 'visible' || style.clipPath !== 'none' || element.getClientRects().length === 0 || element.tagName === 'SELECT') return false;
    const size = parseFloat(style.fontSize);
    const above = parseFloat(style.paddingTop) + (parseFloat(style.lineHeight) - 1.21 * size) / 2;
    return above < 0.14 * size - 0.5;
  }).map((element) => element.textContent.slice(0, 40)).slice(0, 5));
}
