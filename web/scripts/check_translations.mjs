// Both languages have the same keys with the same placeholders, none is empty, and every key is used
// by a source file (literally, or by the prefix of a key that is put together).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, root } from './files.mjs';

const languages = ['vi', 'en'];
const plural = /_(zero|one|two|few|many|other)$/;

function flatten(value, prefix = '') {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? [[prefix + name, inner]] : flatten(inner, `${prefix}${name}.`));
}
const placeholders = (text) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort().join(',');

const problems = [];
const texts = {};
for (const language of languages) {
  const entries = flatten(JSON.parse(readFileSync(join(root, `src/ui/texts/${language}.json`), 'utf8')));
  texts[language] = new Map(entries.map(([key, text]) => [key.replace(plural, ''), text]));
  for (const [key, text] of entries) if (text.trim() === '') problems.push(`${language}: ${key} is empty`);
}
for (const [key, text] of texts.vi) {
  const other = texts.en.get(key);
  if (other === undefined) problems.push(`en: ${key} is missing`);
  else if (placeholders(other) !== placeholders(text)) problems.push(`${key}: placeholders differ between vi and en`);
}
for (const key of texts.en.keys()) if (!texts.vi.has(key)) problems.push(`vi: ${key} is missing`);

const code = listFiles('src', /\.tsx?$/).filter((name) => !name.includes('.test.')).map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
for (const key of texts.vi.keys()) {
  const group = `${key.slice(0, key.lastIndexOf('.') + 1)}$`;
  if (!code.includes(`'${key}'`) && !code.includes(`\`${group}`)) problems.push(`${key} is used by no source file`);
}
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
