import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { at, upwards } from '../native/side-folders.ts';
import type { DartPackage, DartProject } from './packages.ts';

/** The analyzer and the formatter, which come with the SDK, and the linters that are added to them. */
export function* analysis(
  repo: RepoView,
  root: DartPackage,
  tool: string,
  fvm: string,
  shift: number,
): Iterable<Signal> {
  const { dir } = root;
  const options = optionsFile(repo, dir);
  const rules = options?.find(/^(?:linter|analyzer|include)\s*:/);
  yield plain('linter', 'dart analyze', dir, options ? options.at(rules ?? 1) : root.at, {
    source: options ? 'config' : 'convention',
    weight: options ? 0 : -1,
  });
  yield command('lint', `${tool} analyze`, dir, root.at, { weight: shift });
  const style = options?.find(/^formatter\s*:/);
  yield plain('formatter', 'dart format', dir, style && options ? options.at(style) : root.at, {
    source: style ? 'config' : 'convention',
  });
  yield command('format', `${fvm}dart format .`, dir, root.at, { weight: shift });
  const custom = root.tree.get('dev_dependencies', 'custom_lint');
  if (custom) {
    const line = root.file.at(custom.keyLine);
    yield plain('linter', 'custom_lint', dir, line, { weight: -1 });
    yield command('lint', `${fvm}dart run custom_lint`, dir, line, { source: 'config', weight: -2 });
  }
  const metrics = options?.find(/^dart_code_(?:metrics|linter)\s*:/);
  if (options && metrics) yield plain('linter', 'dcm', dir, options.at(metrics), { weight: -1 });
}

function optionsFile(repo: RepoView, dir: string): SourceFile | undefined {
  return upwards(dir).flatMap((above) => repo.file(at(above, 'analysis_options.yaml')) ?? [])[0];
}

const FRAMEWORKS = ['flutter_test', 'test', 'integration_test', 'patrol', 'bloc_test'];

/** What the tests are written with: where the root says so, else the first package that does. */
export function* frameworks({ root, members }: DartProject): Iterable<Signal> {
  for (const [index, name] of FRAMEWORKS.entries()) {
    for (const { tree, file } of [root, ...members]) {
      const found = tree.get('dev_dependencies', name) ?? tree.get('dependencies', name);
      if (!found) continue;
      yield plain('test-framework', name, root.dir, file.at(found.keyLine), { weight: -index });
      break;
    }
  }
}
