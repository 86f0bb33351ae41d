import { readdirSync, readFileSync } from 'node:fs';
import type { Evidence } from '../fact.ts';
import type { Signal } from '../signal.ts';

/** A tree of `facts/ecosystems/fixtures`, as the repository that a plugin is shown. */
export function fixture(name: string): Record<string, string> {
  const root = new URL(`../ecosystems/fixtures/${name}/`, import.meta.url);
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = `${entry.parentPath}/${entry.name}`.slice(root.pathname.length).replace(/^\//, '');
    files[path] = readFileSync(new URL(path, root), 'utf8');
  }
  return files;
}

/** Each signal on one line, evidence and all: `test: go test ./... | go.mod:1 | convention 0`. */
export function told(signals: readonly Signal[]): readonly string[] {
  return signals.map((signal) => {
    if (signal.kind === 'task') {
      const body = signal.body.length > 0 ? ` { ${signal.body.join('; ')} }` : '';
      const needs = signal.needs.length > 0 ? ` needs ${signal.needs.join(',')}` : '';
      const hidden = signal.internal === true ? ' internal' : '';
      return `task ${signal.run}${where(signal.dir)} | ${place(signal.at)}${body}${needs}${hidden}`;
    }
    if (signal.kind !== 'fact' && signal.kind !== 'command') return JSON.stringify(signal);
    const what = signal.kind === 'fact' ? `${signal.key} = ${signal.value}` : `${signal.purpose}: ${signal.run}`;
    return `${what}${where(signal.dir)} | ${signal.evidence.map(place).join(' ')} | ${signal.source} ${signal.weight ?? 0}`;
  });
}

function where(dir: string): string {
  return dir === '' ? '' : ` in ${dir}`;
}

function place({ path, line }: Evidence): string {
  return `${path}:${line}`;
}
