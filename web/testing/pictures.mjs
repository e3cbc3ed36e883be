// Takes the pictures of docs/screens from web/dist: the panel on phone, desk and wall in their themes and both
// languages, from the real program with centers/laocai and a year of its simulated case system; the component page,
// whose samples are fixed, from the mock server. `node testing/pictures.mjs desk` takes only those whose name contains
// the word. PICTURES names another folder, FANSIPAN_PROGRAM another program. Best taken in office hours: at night the
// day's figures are zero.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';
import { withBrowser } from './browser.mjs';
import { startMockServer } from './mock_server.mjs';
import { makeToken, setUp, startServer, startSimulation, stopServer } from './real_center.mjs';

const folder = process.env.PICTURES ?? join(root, '../docs/screens');
const only = process.argv[2] ?? '';
const program = process.env.FANSIPAN_PROGRAM ?? join(root, '../build/release/src/cli/fansipan');
const center = join(root, '../centers/laocai');
/** Twelve months for the trends, and the one that runs. */
const history = '400d';
const largest = 400_000;
const largestTogether = 4_000_000;

const sizes = { phone: [390, 844], desk: [1440, 900], wall: [1920, 1080], sheet: [1440, 1320] };
const panel = '/panels/public_services';
const wanted = [
  ...['vi', 'en'].flatMap((language) => [
    ...['phone', 'desk'].flatMap((size) => ['light', 'dark'].map((theme) => ({ name: `panel-${size}-${theme}-${language}`, size, theme, language, path: panel }))),
    { name: `panel-wall-${language}`, size: 'wall', theme: 'wall', language, path: panel },
    ...['light', 'dark', 'wall'].map((theme) => ({ name: `components-${theme}-${language}`, size: 'sheet', theme, language, path: '/components' })),
  ]),
  { name: 'panel-desk-work-vi', size: 'desk', theme: 'light', language: 'vi', path: panel, scroll: 'work' },
].filter(({ name }) => name.includes(only));

async function shoot(page, { name, path, scroll }, address) {
  await page.goto(address + path);
  await page.locator(path === panel ? '[data-testid=tile]' : '[data-testid=specimen]').first().waitFor();
  if (path === panel) await page.locator('[data-testid=live-indicator][data-phase=live]').waitFor();
  if (scroll === 'work') {
    await page.locator('[data-testid=work]').first().waitFor();
    await page.locator('[data-testid=work]').first().evaluate((row) => row.closest('section').scrollIntoView());
  }
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled' });
  return (await stat(file)).size;
}

/** `cookies` are those of a signed-in browser. */
function take({ address, cookies }, picture) {
  const { size, theme, language } = picture;
  const [width, height] = sizes[size];
  return withBrowser(async (context) => {
    await context.addInitScript(([chosen, scheme]) => {
      window.localStorage.setItem('fansipan.language', chosen);
      window.localStorage.setItem('fansipan.theme', scheme);
    }, [language, theme]);
    await context.addCookies(cookies);
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    return shoot(page, picture, address);
  }, { viewport: { width, height }, colorScheme: theme === 'light' ? 'light' : 'dark' });
}

let together = 0;
let problems = 0;

async function takeAll(site, pictures) {
  for (const picture of pictures) {
    const bytes = await take(site, picture);
    together += bytes;
    if (bytes > largest) problems += 1;
    console.log(`${(bytes / 1000).toFixed(0).padStart(5)} kB  ${picture.name}${bytes > largest ? '  too large' : ''}`);
  }
}

async function takeComponents(pictures) {
  const server = await startMockServer();
  try {
    await takeAll({ address: server.address, cookies: [{ name: 'fansipan', value: 'mock', url: server.address }] }, pictures);
  } finally {
    await server.stop();
  }
}

async function takePanels(pictures) {
  if (!existsSync(program)) throw new Error(`${program} is not built; build the preset release or name another with FANSIPAN_PROGRAM`);
  const data = await mkdtemp(join(tmpdir(), 'fansipan-pictures-'));
  const server = await startServer(program, center, data);
  try {
    const { cookies, token } = await withBrowser(async (context) => {
      const page = context.pages()[0] ?? (await context.newPage());
      await setUp(page, server, 'Nguyễn Thị Hòa');
      return { token: await makeToken(page, 'case_system'), cookies: await context.cookies() };
    });
    await writeFile(join(data, 'token'), token, { mode: 0o600 });
    console.log(`sending ${history} of simulated cases`);
    const simulation = await startSimulation(program, center, server.address, join(data, 'token'), history);
    await takeAll({ address: server.address, cookies }, pictures);
    simulation.stop();
  } finally {
    await stopServer(server);
    await rm(data, { recursive: true, force: true });
  }
}

await mkdir(folder, { recursive: true });
const panels = wanted.filter(({ path }) => path === panel);
const components = wanted.filter(({ path }) => path !== panel);
if (components.length > 0) await takeComponents(components);
if (panels.length > 0) await takePanels(panels);
if (together > largestTogether) problems += 1;
console.log(`${(together / 1000).toFixed(0).padStart(5)} kB  together, ${problems} too large`);
process.exit(problems > 0 ? 1 : 0);
