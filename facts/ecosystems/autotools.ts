import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';

/** What projects call the script that runs autoconf and automake for them. */
const BOOTSTRAP = ['autogen.sh', 'bootstrap', 'bootstrap.sh', 'buildconf'];

/** Autoconf and automake at the root (https://www.gnu.org/software/automake/manual/). */
export const autotools = ecosystem({
  id: 'autotools',
  title: 'Autotools',
  files: ['/configure.ac', '/configure.in', 'Makefile.am', ...BOOTSTRAP.map((name) => `/${name}`)],
  depth: 2,
  *detect(repo) {
    const configure = repo.file('configure.ac') ?? repo.file('configure.in');
    const line = configure?.find(/^\s*AC_INIT\b/);
    const makefile = repo.file('Makefile.am');
    if (!configure || line === undefined) return;
    const weight = ['CMakeLists.txt', 'meson.build'].some((name) => repo.paths.isFile(name)) ? -2 : 0;
    yield plain('build-system', 'autotools', '', configure.at(line), { weight });
    yield* configureStep(repo, configure, weight);
    // Only a project that has makefiles written is built with make.
    const makefiles = configure.find(/^(?!\s*(?:dnl|#)).*\bMakefile\b/);
    if (makefiles === undefined) return;
    yield command('build', 'make', '', configure.at(makefiles), { weight });
    yield* tests(repo, configure.at(makefiles), weight);
    if (makefile) yield* targets(makefile);
  },
});

/** Each form is said only where a line shows it: the script's own, or one of configure.ac. */
function* configureStep(repo: RepoView, configure: SourceFile, weight: number): Iterable<Signal> {
  const script = BOOTSTRAP.map((name) => repo.file(name)).find((file) => file !== undefined);
  const shown = configure.find(/\bconfigure\b/);
  const line = shown === undefined ? [] : [configure.at(shown)];
  if (script) {
    const own = script.find(/\bconfigure\b/);
    const evidence = own === undefined ? line : [script.at(own), ...line];
    const runs = /^[^#\n]*(?:\.|\$\{?srcdir\}?"?)\/configure\b/im.test(script.text) && !/NOCONFIGURE/.test(script.text);
    const run = runs ? `./${script.name}` : `./${script.name} && ./configure`;
    if (evidence.length > 0) yield command('install', run, '', evidence, { weight });
  } else if (line.length > 0) {
    const run = repo.paths.isFile('configure') ? './configure' : 'autoreconf -fi && ./configure';
    yield command('install', run, '', line, { weight });
  }
}

/** `make check` is there always, and does something where a Makefile.am names tests. */
function* tests(repo: RepoView, makefiles: Evidence, weight: number): Iterable<Signal> {
  for (const file of repo.files.filter(({ name }) => name === 'Makefile.am')) {
    const harness = file.find(/^\s*TESTS\s*\+?=/);
    const line = harness ?? file.find(/^check(?:_PROGRAMS|_SCRIPTS|-local)?\s*(?:\+?=|:)/);
    if (line === undefined) continue;
    const evidence = [makefiles, file.at(line)];
    yield plain('test-framework', 'automake', '', file.at(line), { weight: weight - 1, source: 'convention' });
    yield command('test', 'make check', '', evidence, { weight });
    if (harness !== undefined) yield command('test-single', 'make check TESTS=<name>', '', evidence, { weight });
    return;
  }
}

/** Rules that people wrote into the root's Makefile.am stand in the Makefile that configure writes. */
function* targets(file: SourceFile): Iterable<Task> {
  const tasks = new Map<string, Task>();
  for (let number = 1; number <= file.lines.count; number++) {
    const rule = /^([A-Za-z][\w.-]*)\s*::?(?!=)\s*([^#;]*)/.exec(file.lines.line(number));
    const [, name = '', needs = ''] = rule ?? [];
    // `make check` is told above, and is about tests whatever its name may mean elsewhere.
    if (name === '' || name === 'check' || /-(?:hook|local)$|\.\w+$/.test(name)) continue;
    const body: string[] = [];
    for (let next = number + 1; file.lines.line(next).startsWith('\t'); next++)
      body.push(shellLine(file.lines.line(next)));
    // Both sides of an automake `if` stand in the file; the one that does something is the telling one.
    if (tasks.get(name)?.body.some((line) => !line.startsWith('echo '))) continue;
    tasks.set(name, {
      kind: 'task',
      runner: 'make',
      name,
      run: `make ${name}`,
      dir: '',
      at: file.at(number),
      body,
      needs: needs.split(/\s+/).filter((need) => /^[\w.-]+$/.test(need)),
    });
  }
  yield* tasks.values();
}

/** Without make's own marks; `@PERL@` and `$(top_srcdir)/x` as what they become. */
function shellLine(line: string): string {
  return line
    .trim()
    .replace(/^(?:[-+]|@(?!\w+@))+/, '')
    .replace(/@([A-Z]\w*)@/g, (_, name: string) => name.toLowerCase())
    .replaceAll('$(MAKE)', 'make')
    .replace(/\$\((?:top_)?srcdir\)\//g, '');
}
