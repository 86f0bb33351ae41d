import type { SourceFile } from '../../source-file.ts';

/** What `.gitattributes` says of the paths that a pattern stands for. */
export interface Marked {
  readonly pattern: string;
  /** Folder of the file; patterns are relative to it. */
  readonly dir: string;
  readonly what: 'generated' | 'vendored';
  readonly line: number;
}

/** Linguist's attributes (github-linguist, docs/overrides.md), and GitLab's own for collapsed diffs. */
const ATTRIBUTES: ReadonlyMap<string, Marked['what']> = new Map([
  ['linguist-generated', 'generated'],
  ['gitlab-generated', 'generated'],
  ['linguist-vendored', 'vendored'],
]);

/** The patterns that mark generated and vendored paths. A pattern that a later line unsets is left out. */
export function readAttributes(file: SourceFile): readonly Marked[] {
  const marked = new Map<string, Marked>();
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line).trim();
    if (text === '' || text.startsWith('#') || !text.includes('-')) continue;
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
    const pattern = quoted ? quoted[1]!.replaceAll(/\\(.)/g, '$1') : (/^\S+/.exec(text)?.[0] ?? '');
    const words = text.slice(quoted ? quoted[0].length : pattern.length).split(/\s+/);
    for (const word of words) {
      const [, sign = '', name = '', value] = /^([-!]?)([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
      const what = ATTRIBUTES.get(name);
      if (what === undefined) continue;
      const key = `${what} ${pattern}`;
      if (sign !== '' || /^(false|0|no|off)$/i.test(value ?? '')) marked.delete(key);
      else marked.set(key, { pattern, dir: file.dir, what, line });
    }
  }
  return [...marked.values()];
}
