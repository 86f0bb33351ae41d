import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead } from './native/side-folders.ts';

/** `b.step("name", "description")`, over several lines too. A computed name is not known; a comment is no code. */
const STEP = /^(?:(?!\/\/).)*?\bb(?:uilder)?\.step\(\s*"([\w:.-]+)"(?:,\s*"((?:[^"\\\n]|\\.)*)")?/dgm;
/** Packages and named modules are only there inside the build: `zig test` on a file does not find them. */
const WIRED = /\.(?:dependency|lazyDependency|addImport)\(|\.imports = /;

/** Zig's own build system. https://ziglang.org/learn/build-system/ */
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
  if (pin) yield plain('runtime.zig', pin.lines.line(1).trim(), dir, pin.at(1), { weight: 1 });
  const zon = repo.file(at(dir, 'build.zig.zon'));
  const minimum = zon?.find(/^\s*\.minimum_zig_version = "/);
  if (zon && minimum) yield plain('runtime.zig', zon.lines.line(minimum).split('"')[1]!, dir, zon.at(minimum));
  // A build.zig with no other Zig beside it serves a library of another language, which has its own way to be built.
  if (!repo.paths.under(dir).some(({ path }) => path.endsWith('.zig') && !path.endsWith('build.zig')))
    return yield command('build', 'zig build', dir, file.at(line), { weight: -2 });
  yield task('build', 'zig build', file, line);
  for (const { 1: name = '', 2: says = '', indices } of file.text.matchAll(STEP)) {
    const named = file.lines.lineAt(indices![1]![0]);
    // By convention `check` is for the language server: compile, write nothing.
    const compiles = name === 'check' && /compil|build/i.test(says);
    if (compiles) yield command('typecheck', 'zig build check', dir, file.at(named), { source: 'config' });
    // A formatting step that only looks is no answer to "how do I format".
    const looks = /fmt|format/.test(name) && /check/i.test(says);
    yield { ...task(name, `zig build ${name}`, file, named), description: says, internal: compiles || looks };
    if (name !== 'test') continue;
    const filter = file.find('"test-filter"');
    if (filter) yield command('test-single', 'zig build test -Dtest-filter=<name>', dir, file.at(filter));
    else if (!WIRED.test(file.text)) yield command('test-single', 'zig test <file>', dir, file.at(named));
  }
  const source = file.find('.zig"');
  if (source) yield command('format', 'zig fmt .', dir, file.at(source));
}

function task(name: string, run: string, file: SourceFile, line: number): Task {
  return { kind: 'task', runner: 'zig', name, run, dir: file.dir, at: file.at(line), body: [], needs: [] };
}
