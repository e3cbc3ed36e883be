// Takes the pictures of docs/screens from web/dist and the mock server: the panel on phone, desk and wall in
// their themes and both languages, and the component page. `node testing/pictures.mjs desk` takes only those
// whose name contains the word; PICTURES names another folder.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../scripts/files.mjs';
import { withBrowser } from './browser.mjs';
import { startMockServer } from './mock_server.mjs';

const folder = process.env.PICTURES ?? join(root, '../docs/screens');
const only = process.argv[2] ?? '';
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

async function take(address, { name, size, theme, language, path, scroll }) {
  const [width, height] = sizes[size];
  return withBrowser(async (context) => {
    await context.addInitScript(([chosen, scheme]) => {
      window.localStorage.setItem('fansipan.language', chosen);
      window.localStorage.setItem('fansipan.theme', scheme);
    }, [language, theme]);
    await context.addCookies([{ name: 'fansipan', value: 'mock', url: address }]);
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(10_000);
    await page.goto(address + path);
    await page.locator(path === panel ? '[data-testid=tile]' : '[data-testid=specimen]').first().waitFor();
    if (scroll === 'work') {
      await page.locator('[data-testid=work]').first().waitFor();
      await page.locator('[data-testid=work]').first().evaluate((row) => row.closest('section').scrollIntoView());
    }
    await page.evaluate(() => document.fonts.ready);
    await page.mouse.move(0, 0);
    const file = join(folder, `${name}.png`);
    await page.waitForTimeout(scroll ? 600 : 0);
    await page.screenshot({ path: file });
    return (await stat(file)).size;
  }, { viewport: { width, height }, colorScheme: theme === 'light' ? 'light' : 'dark' });
}

await mkdir(folder, { recursive: true });
const server = await startMockServer();
let together = 0;
let problems = 0;
try {
  for (const picture of wanted) {
    const bytes = await take(server.address, picture);
    together += bytes;
    if (bytes > largest) problems += 1;
    console.log(`${(bytes / 1000).toFixed(0).padStart(5)} kB  ${picture.name}${bytes > largest ? '  too large' : ''}`);
  }
} finally {
  await server.stop();
}
if (together > largestTogether) problems += 1;
console.log(`${(together / 1000).toFixed(0).padStart(5)} kB  together, ${problems} too large`);
process.exit(problems > 0 ? 1 : 0);
