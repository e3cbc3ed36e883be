// Fails when src/api/generated.ts is not what schemas/openapi.yaml gives.
import { buildTypes, readTypes } from './generate_api.mjs';

if ((await buildTypes()) !== (await readTypes())) {
  console.error('src/api/generated.ts differs from schemas/openapi.yaml: run `npm run generate`.');
  process.exit(1);
}
