import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead } from './native/side-folders.ts';

/** `b.step("name", "description")`, also over several lines; a name that is computed is not known, a comment is no code. */
const STEP = /^(?:(?!\/\/).)*?\bb(?:uilder)?\.step\(\s*"([\w:.-]+)"(?:,\s*"((?:[^"\\\n]|\\.)*)")?/gm;

/** Zig's own build system: what a build.zig declares. https://ziglang.org/learn/build-system/ */
export const zig = ecosystem({
  id: 'zig',
  title: 'Zig',
  files: ['build.zig', 'build.zig.zon', '.zigversion'],
  depth: 1,
  *detect(repo) {
    for (const file of repo.files) {
      const line = file.name === 'build.zig' && !isNoLead(file.dir) ? file.find(/^pub fn build\(/) : undefined;
      if (line !== undefined) yield* project(repo, file, line);
    }
  },
});

function* project(repo: RepoView, file: SourceFile, line: number): Iterable<Signal> {
  const { dir } = file;
  yield plain('build-system', 'zig', dir, file.at(line));
  const pin = repo.file(at(dir, '.zigversion'));
  const version = pin && /^[\w.+-]+$/.exec(pin.lines.line(1).trim())?.[0];
  if (version) yield plain('runtime.zig', version, dir, pin.at(1), { weight: 1 });
  const zon = repo.file(at(dir, 'build.zig.zon'));
  const minimum = zon && /^\s*\.minimum_zig_version\s*=\s*"([^"]+)"/m.exec(zon.text);
  if (minimum) yield plain('runtime.zig', minimum[1]!, dir, zon.at(zon.find(/^\s*\.minimum_zig_version/)!));
  // A build.zig beside no other Zig serves a library of another language, which has its own way to be built.
  if (!repo.paths.under(dir).some(({ path }) => path.endsWith('.zig') && !path.endsWith('build.zig'))) {
    yield command('build', 'zig build', dir, file.at(line), { weight: -2 });
    return;
  }
  yield task('build', 'zig build', file, line);
  for (const { 0: match, 1: name = '', 2: says = '', index } of file.text.matchAll(STEP)) {
    const named = file.lines.lineAt(index + match.lastIndexOf(`"${name}"`, match.length - says.length));
    // By convention `check` is what the language server runs: compile, write nothing.
    if (name === 'check' && /compil|build/i.test(says))
      yield command('typecheck', 'zig build check', dir, file.at(named), { source: 'config' });
    else yield { ...task(name, `zig build ${name}`, file, named), description: says };
    if (name !== 'test') continue;
    const filter = file.find('"test-filter"');
    if (filter) yield command('test-single', 'zig build test -Dtest-filter=<name>', dir, file.at(filter));
    // Outside the build a file is tested by itself: without dependencies, and modules that go by a name.
    else if (!/\.addImport\(|\.imports = /.test(file.text) && !/\.(?:url|path) = /.test(zon?.text ?? ''))
      yield command('test-single', 'zig test <file>', dir, file.at(named));
  }
  const formats = file.find('.addFmt(');
  const shown = formats ?? file.find('.zig"');
  if (shown) yield command('format', 'zig fmt .', dir, file.at(shown), { source: formats ? 'config' : 'convention' });
}

function task(name: string, run: string, file: SourceFile, line: number): Task {
  return { kind: 'task', runner: 'zig', name, run, dir: file.dir, at: file.at(line), body: [], needs: [] };
}
