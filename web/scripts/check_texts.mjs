// Text for people comes through translation keys only: no letters between tags, none in attributes
// that are read out or shown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { listFiles, root } from './files.mjs';

const shown = new Set(['title', 'label', 'placeholder', 'alt', 'aria-label', 'aria-description', 'description', 'error']);
const letters = /\p{L}{2,}/u;

const problems = [];
for (const file of listFiles('src', /\.tsx$/).filter((name) => !name.endsWith('.test.tsx'))) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
  const report = (node, text) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    problems.push(`${file}:${line + 1}: text without a translation key: ${JSON.stringify(text.trim())}`);
  };
  const visit = (node) => {
    if (ts.isJsxText(node) && letters.test(node.text)) report(node, node.text);
    if (ts.isJsxAttribute(node) && shown.has(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (letters.test(node.initializer.text)) report(node, node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
