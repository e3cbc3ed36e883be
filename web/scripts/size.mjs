// Prints the size of every file of web/dist, plain and as gzip sends it, and what the first screen loads:
// the page, its scripts with what they import at once, its styles, and the fonts of Vietnamese. Fails when that
// is more than the budget.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { listFiles, root } from './files.mjs';

const budget = 240_000;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
const sizes = new Map(listFiles('dist', /./).map((file) => {
  const bytes = readFileSync(join(root, file));
  return [file, { plain: bytes.length, packed: /\.woff2$/.test(file) ? bytes.length : gzipSync(bytes).length }];
}));

function sumOf(files) {
  return files.reduce((sum, file) => ({ plain: sum.plain + sizes.get(file).plain, packed: sum.packed + sizes.get(file).packed }), { plain: 0, packed: 0 });
}

/** Scripts and styles that index.html names, and what these scripts import without waiting for a need. */
function firstLoad() {
  const page = 'dist/index.html';
  const found = new Set([page]);
  const open = [...readFileSync(join(root, page), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => `dist/${match[1]}`);
  while (open.length > 0) {
    const file = open.pop();
    if (found.has(file) || !sizes.has(file)) continue;
    found.add(file);
    if (file.endsWith('.js')) {
      for (const match of readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*["'](\.\/[^"']+)["']/g)) open.push(normalize(join(dirname(file), match[1])));
    }
  }
  return [...found];
}

for (const [file, { plain, packed }] of sizes) console.log(`${kilobytes(plain)} ${kilobytes(packed)}  ${file}`);
const all = sumOf([...sizes.keys()]);
const first = sumOf(firstLoad());
const fonts = sumOf([...sizes.keys()].filter((file) => /inter-(latin|vietnamese)-wght/.test(file)));
console.log(`${kilobytes(all.plain)} ${kilobytes(all.packed)}  total (plain, gzip)`);
console.log(`${kilobytes(first.plain)} ${kilobytes(first.packed)}  first load without fonts, budget${kilobytes(budget)} gzip`);
console.log(`${kilobytes(fonts.plain)} ${kilobytes(fonts.packed)}  fonts of the first load`);
process.exit(first.packed > budget ? 1 : 0);
