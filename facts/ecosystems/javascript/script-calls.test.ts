import { describe, expect, it } from 'vitest';
import { scriptCall } from './script-calls.ts';

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
