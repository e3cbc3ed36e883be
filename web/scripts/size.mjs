// Prints the size of every file of web/dist, plain and as gzip sends it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { listFiles, root } from './files.mjs';

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
let plain = 0;
let packed = 0;
for (const file of listFiles('dist', /./)) {
  const bytes = readFileSync(join(root, file));
  const small = /\.woff2$/.test(file) ? bytes.length : gzipSync(bytes).length;
  plain += bytes.length;
  packed += small;
  console.log(`${kilobytes(bytes.length)} ${kilobytes(small)}  ${file}`);
}
console.log(`${kilobytes(plain)} ${kilobytes(packed)}  total (plain, gzip)`);
