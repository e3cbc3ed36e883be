// Imports run app → features → panels → live, api, ui. Types of `api` may be imported from anywhere;
// a panel gets nothing else from it, so that it can't fetch.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { listFiles, root } from './files.mjs';

const allowed = {
  app: ['app', 'features', 'panels', 'live', 'api', 'ui'],
  features: ['features', 'panels', 'live', 'api', 'ui'],
  panels: ['panels', 'ui'],
  live: ['live', 'api'],
  api: ['api'],
  ui: ['ui'],
};

const problems = [];
for (const file of listFiles('src', /\.tsx?$/)) {
  const folder = file.split('/')[1];
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const visit = (node) => {
    const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const specifier = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : dynamic ? node.arguments[0] : null;
    if (specifier && ts.isStringLiteral(specifier) && specifier.text.startsWith('.')) {
      const target = normalize(join(dirname(file), specifier.text)).split('/')[1];
      const typeOnly = ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true;
      const fine = target === undefined || !file.startsWith('src/') || allowed[folder]?.includes(target) || (target === 'api' && typeOnly);
      const toTesting = /\.test\.tsx?$/.test(file) && specifier.text.includes('/testing/');
      if (!fine && !toTesting) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        problems.push(`${file}:${line + 1}: ${folder} must not import ${target} (${specifier.text})`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
