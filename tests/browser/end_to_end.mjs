// The real program in a real browser: set-up, a pushed record that changes the figure within a second, the
// passport down to the archived bytes, a source that falls silent while its judgement stays, a server that goes away.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, expectNoBarriers, makeToken, push, root, setUp, startServer, stopServer, withBrowser, withFolder } from './harness.mjs';

const columns = ['case:channel', 'case:concept:name', 'case:deadline', 'case:department', 'case:enddate', 'case:startdate',
  'concept:instance', 'concept:name', 'org:resource', 'time:timestamp'];

/** A copy of the permits center whose source falls silent after seconds, with a judged figure on its panel. */
async function makeCenter(folder) {
  const center = join(folder, 'center');
  await cp(join(root, 'tests/centers/permits'), center, { recursive: true });
  const sources = join(center, 'systems/permits/sources.yaml');
  await writeFile(sources, `${await readFile(sources, 'utf8')}    silent_after: 6s\n`);
  const indicators = join(center, 'systems/permits/indicators.yaml');
  const declared = await readFile(indicators, 'utf8');
  const formula = '    formula: 100 * finished_on_time / (finished_on_time + finished_late)\n';
  expect(declared.includes(formula), 'the on-time rate is declared otherwise');
  await writeFile(indicators, declared.replace(formula, `${formula}    better: higher\n    thresholds: {good: 95, watch: 90, basis: {en: For this test}}\n`));
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

/** One event of one case, which ends it: in time for the deadline of 2030, late for that of 2020. */
async function pushCase(server, token, number, deadline) {
  const now = new Date().toISOString();
  const row = ['Desk', `case-${number}`, `${deadline}-01-01T00:00:00Z`, 'General', now, now, `event-${number}`, 'Received', 'Resource1', now];
  await push(server, 'permit_log', token, 'text/csv', `${columns.join(',')}\n${row.join(',')}\n`);
}

const figure = (page) => page.locator('[data-indicator=all_cases] [data-testid=figure-value]').first();

function waitForCases(page, count, timeout) {
  return page.waitForFunction((value) => document.querySelector('[data-indicator=all_cases] [data-testid=figure-value]')?.dataset.value === value, count, { timeout });
}

async function seeChange(page, server, token) {
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor();
  await pushCase(server, token, 1, 2030);
  await waitForCases(page, '1', 5000);
  await page.locator('[data-indicator=on_time_rate][data-judgement=good]').waitFor();
  await pushCase(server, token, 2, 2020);
  const started = Date.now();
  await waitForCases(page, '2', 1000);
  console.log(`pushed and on the screen after ${Date.now() - started} ms`);
  await page.locator('[data-indicator=on_time_rate][data-judgement=bad]').waitFor();
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

/** Nothing is delivered any more: the mark appears, and value and judgement stay beside it as forms and words. */
async function seeSilence(page, server) {
  await page.goto(`${server.address}/panels/permits`);
  await figure(page).waitFor();
  const card = page.locator('[data-indicator=on_time_rate]').first();
  await page.locator('[data-indicator=on_time_rate][data-silent]').first().waitFor({ timeout: 20_000 });
  expect((await card.getAttribute('data-judgement')) === 'bad', 'silence changed the judgement');
  expect((await figure(page).getAttribute('data-value')) === '2', 'silence took the value');
  const words = await card.innerText();
  for (const word of ['50,0', 'Không đạt', 'mất tín hiệu']) expect(words.includes(word), `the silent card does not say "${word}": ${words}`);
  const summary = page.locator('[data-testid=summary]');
  expect((await summary.getAttribute('data-overall')) === 'bad', 'silence changed the overall judgement');
  expect((await summary.innerText()).includes('mất tín hiệu'), 'the summary does not name the silent source');
  await card.locator('button').click();
  await page.locator('[data-testid=passport] [data-state=silent]').waitFor();
  await page.keyboard.press('Escape');
}

/** A sign of life without news takes the mark away again. */
async function seeTheSourceReturn(page, server, token) {
  const answer = await fetch(`${server.address}/api/v1/sources/permit_log/heartbeat`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
  expect(answer.ok, `the heartbeat answered ${answer.status}`);
  await page.locator('[data-indicator=on_time_rate][data-judgement=bad]:not([data-silent])').waitFor();
}

async function seeFrozenAndRecover(page, server, center, data) {
  await stopServer(server);
  const stopped = Date.now();
  await page.locator('[data-testid=frozen-banner]').waitFor({ timeout: 10_000 });
  console.log(`frozen after ${Date.now() - stopped} ms`);
  expect((await page.locator('[data-indicator=on_time_rate]').getAttribute('data-judgement')) === 'bad', 'freezing changed the judgement');
  await page.locator('[data-indicator=on_time_rate] button').first().click();
  await page.locator('[data-testid=passport-view][data-frozen]').waitFor();
  await page.keyboard.press('Escape');
  const again = await startServer(center, data, server.port);
  await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor({ timeout: 30_000 });
  return again;
}

await withFolder(async (folder) => {
  const data = join(folder, 'data');
  const center = await makeCenter(folder);
  let server = await startServer(center, data);
  try {
    await withBrowser(async (context, complaints) => {
      const page = context.pages()[0] ?? (await context.newPage());
      page.setDefaultTimeout(20_000);
      await setUp(page, server, 'Quản trị');
      const token = await makeToken(page, 'permit_log');
      await page.goto(`${server.address}/panels/permits`);
      await seeChange(page, server, token);
      await expectNoBarriers(page, 'the panel');
      await followThePassport(page);
      await seeSilence(page, server);
      await expectNoBarriers(page, 'the silent panel');
      await seeTheSourceReturn(page, server, token);
      expect(complaints.length === 0, `the console complains: ${complaints.join('; ')}`);
      server = await seeFrozenAndRecover(page, server, center, data);
    }, { viewport: { width: 1440, height: 900 } });
    console.log('set-up, change, passport to bytes, silent with its judgement, frozen and recovered: all seen');
  } finally {
    await stopServer(server);
  }
});
