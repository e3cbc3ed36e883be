import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder web/. */
export const root = join(import.meta.dirname, '..', '/');

/** Paths below `folder`, relative to web/, that match `pattern`. */
export function listFiles(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .sort();
}
