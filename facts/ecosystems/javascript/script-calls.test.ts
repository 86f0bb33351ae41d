import { describe, expect, it } from 'vitest';
import { SourceFile } from '../../source-file.ts';
import { readManifest } from './package-json.ts';
import { neededScripts, scriptCall } from './script-calls.ts';

describe('scriptCall', () => {
  it.each([
    ['npm run lint', ['lint'], 'here'],
    ['npm test', ['test'], 'here'],
    ['npm t', ['test'], 'here'],
    ['npm run build -w web', ['build'], { name: 'web' }],
    ['npm run build --workspace=apps/web', ['build'], { dir: 'apps/web' }],
    ['npm run build --workspaces', ['build'], 'many'],
    ['npm --prefix site run build', ['build'], { dir: 'site' }],
    ['cross-env CI=1 npm run lint', ['lint'], 'here'],
    ['pnpm lint', ['lint'], 'here'],
    ['pnpm run lint', ['lint'], 'here'],
    ['pnpm -r test', ['test'], 'many'],
    ['pnpm --recursive run test', ['test'], 'many'],
    ['pnpm --filter web dev', ['dev'], { name: 'web' }],
    ['pnpm --filter ./packages/** build', ['build'], 'many'],
    ['pnpm --filter=!web -r test', ['test'], 'many'],
    ['pnpm -F web... build', ['build'], 'many'],
    ['pnpm -C docs run dev', ['dev'], { dir: 'docs' }],
    ['pnpm run --dir packages/x test', ['test'], { dir: 'packages/x' }],
    ['yarn lint', ['lint'], 'here'],
    ['yarn workspace web run build', ['build'], { name: 'web' }],
    ['yarn workspaces foreach -A --include x run test', ['test'], 'many'],
    ['yarn workspaces run test', ['test'], 'many'],
    ['bun run --filter web build', ['build'], { name: 'web' }],
    ['bun run --filter * build', ['build'], 'many'],
    ['node --run build', ['build'], 'here'],
    ['deno task --cwd www dev', ['dev'], { dir: 'www' }],
    ['npx lerna run test:ci', ['test:ci'], 'many'],
    ['lerna run build --scope web', ['build'], { name: 'web' }],
    ['turbo run build test --filter=web', ['build', 'test'], 'many'],
    ['turbo lint', ['lint'], 'many'],
    ['nx run-many -t build test --parallel=3', ['build', 'test'], 'many'],
    ['nx run-many --target=build --all', ['build'], 'many'],
    ['nx affected --targets=lint,test', ['lint', 'test'], 'many'],
    ['nx run web:build', ['build'], { name: 'web' }],
    ['run-s clean build:* test', ['clean', 'build:*', 'test'], 'here'],
    ['npm-run-all --parallel lint test', ['lint', 'test'], 'here'],
  ] as const)('%s', (text, scripts, where) => {
    const call = scriptCall(text.split(' '));
    expect(call?.scripts).toEqual(scripts);
    expect(call?.where).toEqual(where);
  });

  it.each([
    'npm install',
    'npm ci',
    'npm constructor',
    'pnpm install',
    'pnpm exec vitest',
    'pnpm publish',
    'yarn',
    'yarn add x',
    'bun test',
    'bun build.ts',
    'bun run ./scripts/x.ts',
    'turbo prune web',
    'node index.js',
    'eslint .',
    '',
  ])('"%s" runs no script', (text) => {
    expect(scriptCall(text.split(' '))).toBeUndefined();
  });

  it('tells what a call hands to the script', () => {
    expect(scriptCall(['pnpm', 'run', 'lint', '--fix'])?.extra).toEqual(['--fix']);
    expect(scriptCall(['npm', 'run', 'vitest', '--', 'run', 'src'])?.extra).toEqual(['run', 'src']);
  });

  it('reads what concurrently starts', () => {
    expect(scriptCall(['concurrently', '-n', 'a,b', 'npm:watch', 'npm run serve', 'node x.js'])?.scripts).toEqual([
      'watch',
      'serve',
    ]);
  });
});

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
