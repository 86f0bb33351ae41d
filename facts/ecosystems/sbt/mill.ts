import type { RepoView } from '../../ecosystem.ts';
import type { Purpose } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { codeLines } from '../jvm/code-lines.ts';
import { testFrameworkOf } from '../jvm/test-framework.ts';

const BUILD_FILES = ['build.mill', 'build.mill.scala', 'build.sc'];

/** A Mill build at the root (mill-build.org): every module answers `compile` and `test`, `__` stands for all of them. */
export function* mill(repo: RepoView): Iterable<Signal> {
  const file = BUILD_FILES.flatMap((path) => repo.file(path) ?? [])[0];
  if (!file) return;
  const lines = codeLines(file.lines.all());
  const imports = lines.findIndex(({ code }) => /^[ \t]*import[ \t]+(?:\$ivy|mill)\b/.test(code));
  // `build.sc` is also a name of other things.
  if (imports < 0) return;
  const wrapper = repo.paths.isFile('mill');
  const program = wrapper ? './mill' : 'mill';
  const at = file.at(imports + 1);
  const say = (purpose: Purpose, args: string, weight = 0): Signal => ({
    kind: 'command',
    purpose,
    run: `${program} ${args}`,
    dir: '',
    source: 'convention',
    evidence: [at],
    weight,
  });
  yield { kind: 'fact', key: 'build-system', value: 'mill', dir: '', source: 'config', evidence: [at] };
  yield say('build', '__.compile');
  yield say('test', '__.test');
  yield say('test-single', '<name>.test.testOnly <pattern>');
  const version = repo.file('.mill-version');
  const pin = version?.find(/\d/);
  if (version && pin) {
    yield {
      kind: 'fact',
      key: 'runtime.mill',
      value: version.lines.line(pin).trim(),
      dir: '',
      source: 'config',
      evidence: [version.at(pin)],
    };
  }
  const scalafmt = repo.file('.scalafmt.conf');
  const first = scalafmt?.find(/\S/);
  if (scalafmt && first) {
    yield {
      kind: 'fact',
      key: 'formatter',
      value: 'scalafmt',
      dir: '',
      source: 'config',
      evidence: [scalafmt.at(first)],
    };
  }
  if (lines.some(({ code }) => /\bScalafmtModule\b/.test(code))) {
    yield say('format', '__.reformat');
    yield say('lint', '__.checkFormat');
  }
  const seen = new Set<string>();
  for (const [index, { code }] of lines.entries()) {
    for (const [, group, name] of code.matchAll(/\b(?:ivy|mvn)"([\w.-]+):{1,3}([\w.-]+)/g)) {
      const value = testFrameworkOf(`${group}:${name}`);
      if (value === undefined || seen.has(value)) continue;
      seen.add(value);
      yield { kind: 'fact', key: 'test-framework', value, dir: '', source: 'config', evidence: [file.at(index + 1)] };
    }
  }
}
