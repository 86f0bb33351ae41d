import { describe, expect, it } from 'vitest';
import { SourceFile } from '../../source-file.ts';
import { neededScripts } from './needed-scripts.ts';
import { readManifest } from './package-json.ts';

describe('neededScripts', () => {
  const needs = (scripts: Record<string, unknown>, name: string, more: object = {}): readonly string[] => {
    const manifest = readManifest(new SourceFile('package.json', JSON.stringify({ name: 'app', scripts, ...more })))!;
    return neededScripts(manifest.scripts.get(name)!, manifest);
  };

  it('follows every way to call a script of the same package', () => {
    const all = { a: 'x', b: 'x', 'c:1': 'x', 'c:2': 'x', 'c:2:deep': 'x' };
    expect(needs({ ...all, go: 'npm run a && pnpm b' }, 'go')).toEqual(['a', 'b']);
    expect(needs({ ...all, go: "run-p a 'c:*'" }, 'go')).toEqual(['a', 'c:1', 'c:2']);
    expect(needs({ ...all, go: "run-s 'c:**'" }, 'go')).toEqual(['c:1', 'c:2', 'c:2:deep']);
    expect(needs({ ...all, go: 'concurrently "npm:c:*" "yarn b"' }, 'go')).toEqual(['c:1', 'c:2', 'b']);
    expect(needs({ ...all, go: 'yarn workspace app b' }, 'go')).toEqual(['b']);
  });

  it('leaves out scripts of other packages and those that are not there', () => {
    expect(needs({ a: 'x', go: 'cd sub && npm run a' }, 'go')).toEqual([]);
    expect(needs({ a: 'x', go: 'pnpm -C sub a' }, 'go')).toEqual([]);
    expect(needs({ go: 'npm run missing && pnpm vitest' }, 'go')).toEqual([]);
  });

  it('takes what runs in all packages for the root scripts of the same name, unless they lead back', () => {
    expect(needs({ lint: 'turbo lint', test: 'turbo test', check: 'turbo run lint test' }, 'check')).toEqual([
      'lint',
      'test',
    ]);
    expect(needs({ test: 'pnpm -r test' }, 'test')).toEqual([]);
    expect(
      needs({ build: 'yarn build:all', 'build:all': 'yarn workspaces foreach -A run build' }, 'build:all'),
    ).toEqual([]);
  });

  it('reads wireit', () => {
    const wireit = {
      build: { command: 'tsc' },
      test: { command: 'node --test', dependencies: ['build', { script: 'gen' }, '../x:y'] },
    };
    expect(needs({ build: 'wireit', gen: 'node g.js', test: 'wireit' }, 'test', { wireit })).toEqual(['build', 'gen']);
  });
});
