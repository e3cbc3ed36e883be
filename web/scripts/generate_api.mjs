// Makes src/api/generated.ts from schemas/openapi.yaml. The file is not committed: every script that
// reads it runs this first.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const description = new URL('../../schemas/openapi.yaml', import.meta.url);
const target = new URL('../src/api/generated.ts', import.meta.url);

export async function buildTypes() {
  const nodes = await openapiTS(description, { alphabetize: false });
  return `// Made from schemas/openapi.yaml by scripts/generate_api.mjs.\n\n${astToString(nodes)}`;
}

export async function readTypes() {
  return readFile(target, 'utf8').catch(() => '');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = await buildTypes();
  await mkdir(new URL('.', target), { recursive: true });
  if ((await readTypes()) !== text) await writeFile(target, text);
}
