import { readName } from '../../commands/names.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { Use } from './package-tools.ts';
import type { Project } from './projects.ts';

const TEST_FILE = /(?:\.(?:test|spec)|_(?:test|spec))\.[jt]sx?$/;

/**
 * Bun brings a test runner of its own: where Bun installs, tests stand in files that it finds, and nothing else would
 * run them, `bun test` does, with no script and no dependency that says so. https://bun.com/docs/test
 */
export function* bunTests(repo: RepoView, root: Project, uses: readonly Use[]): Generator<Signal> {
  const { manager, manifest, dir } = root;
  if (manager.name !== 'bun' || uses.some(({ roles }) => roles.includes('test-framework'))) return;
  for (const name of manifest.scripts.keys())
    if ((readName(name)?.purposes.test ?? 0) >= 0.7 && !/smoke|e2e/.test(name)) return;
  if (!repo.paths.under(dir).some(({ path }) => TEST_FILE.test(path) && !path.includes('node_modules/'))) return;
  const evidence = [manager.evidence];
  yield { kind: 'fact', key: 'test-framework', value: 'bun test', dir, source: 'convention', evidence, weight: -1 };
  yield { kind: 'command', purpose: 'test', run: 'bun test', dir, source: 'convention', evidence };
  yield { kind: 'command', purpose: 'test-single', run: 'bun test <file>', dir, source: 'convention', evidence };
}
