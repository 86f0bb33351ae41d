import { keyMateriality } from '../../keys.ts';
import type { Tree } from '../../parse/tree.ts';
import { parentDir } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import type { FactChange } from '../change.ts';
import type { Kind } from '../comparison.ts';
import { lintFile } from '../lint-files.ts';
import { isPeripheral } from '../places.ts';

/**
 * Which rules the code is held to. Comments, the order of entries, which files are left out, versions and where a schema
 * lies are no rules.
 */
export const lintRules: Kind = {
  id: 'lint rules changed',
  reads: (path) => lintFile(path) !== undefined && !isPeripheral(parentDir(path)),
  *find(comparison): Generator<FactChange> {
    for (const { status, path, from } of comparison.files) {
      const file = lintFile(path);
      if (!file || isPeripheral(parentDir(path))) continue;
      const old = status === 'added' ? undefined : comparison.before.file(from ?? path);
      const now = status === 'deleted' ? undefined : comparison.after.file(path);
      const before = old ? rulesOf(old, file.tables) : new Map<string, number>();
      const after = now ? rulesOf(now, file.tables) : new Map<string, number>();
      const added = [...after.keys()].filter((rule) => !before.has(rule));
      const removed = [...before.keys()].filter((rule) => !after.has(rule));
      if (added.length === 0 && removed.length === 0) continue;
      const line = added.length > 0 ? after.get(added[0]!)! : removed.length > 0 && !now ? before.get(removed[0]!)! : 1;
      yield {
        key: 'lint-rules',
        dir: parentDir(path),
        from: old && before.size > 0 ? shown(file.tool, removed) : null,
        to: now && after.size > 0 ? shown(file.tool, added) : null,
        materiality: keyMateriality('lint-rules'),
        evidence: [{ path: now ? path : (from ?? path), line: Math.max(1, line) }],
      };
    }
  },
};

const MOST_SHOWN = 3;

function shown(tool: string, rules: readonly string[]): string {
  if (rules.length === 0) return tool;
  const some = rules.slice(0, MOST_SHOWN).join(', ');
  return `${tool}: ${some}${rules.length > MOST_SHOWN ? `, ${rules.length - MOST_SHOWN} more` : ''}`;
}

/** Every setting with its line. */
function rulesOf(file: SourceFile, tables: readonly (readonly string[])[] | undefined): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  if (tables) {
    const tree = file.name.endsWith('.toml') ? file.toml() : file.json();
    for (const table of tables) flatten(tree?.get(...table), table.at(-1)!, rules);
    return rules;
  }
  const tree = treeOf(file);
  if (tree) flatten(tree, '', rules);
  else lines(file, rules);
  return rules;
}

function treeOf(file: SourceFile): Tree | undefined {
  if (/\.jsonc?$|rc$/.test(file.name) && file.text.trimStart().startsWith('{')) return file.json();
  if (/\.toml$/.test(file.name)) return file.toml();
  if (/\.ya?ml$|\.clang-tidy$|\.yamllint$|\.ansible-lint$/.test(file.name)) return file.yaml();
  return undefined;
}

/** Which files are looked at, for which versions, and how it is told. */
const NO_RULE =
  /^(?:\$schema|schema|version|target-version|python-version|python_version|pythonVersion|ruby_version|TargetRubyVersion|TargetRailsVersion|line-length|indent-width|files|include|includes|exclude|excludes|excluded|included|extend-exclude|extend-include|force-exclude|ignores|ignorePatterns|ignoreFiles|src|paths|exclude-dirs|exclude-files|Exclude|Include|NewCops|cache.*|output|run|vcs|overrides?\.\d+\.files|module|globals|env|parserOptions|settings|formatter|formatters|issues|per-file-ignores|fixable|unfixable|respect-gitignore|preview)$/;

/** Below one of these every setting is part of a rule. */
const RULES = /^(?:rules|linters-settings)$/;

function flatten(tree: Tree | undefined, path: string, rules: Map<string, number>, inRules = false): void {
  if (!tree) return;
  for (const [key, value] of tree.entries()) {
    if (inRules || !NO_RULE.test(key))
      flatten(value, path === '' ? key : `${path}.${key}`, rules, inRules || RULES.test(key));
  }
  for (const item of tree.items()) flatten(item, `${path}[]`, rules, inRules);
  if (tree.text !== undefined) rules.set(`${path.replace(/\[\]$/, '')}: ${tree.text}`, tree.line);
}

/** A file in a programming language: its lines, without comments, imports and what names files. */
function lines(file: SourceFile, rules: Map<string, number>): void {
  let comment = false;
  for (let number = 1; number <= file.lines.count; number++) {
    const text = file.lines.line(number).trim();
    if (text.startsWith('/*')) comment = true;
    const skip = comment || /^(?:\/\/|#|;|<!--|\*)/.test(text) || isNoRule(text);
    if (text.includes('*/')) comment = false;
    if (!skip) rules.set(text.replace(/,$/, ''), number);
  }
}

function isNoRule(text: string): boolean {
  if (!/[A-Za-z]/.test(text) || /^import\b|\brequire\(|^export\b[^:'"]*$|^\}?\s*from\b/.test(text)) return true;
  const strings = [...text.matchAll(/(["'`])([^"'`]*)\1/g)].map(([, , inner = '']) => inner);
  return strings.length > 0 && strings.every((inner) => /[*]|\/.*\.\w+$|^\.{0,2}\//.test(inner) || inner.endsWith('/'));
}
