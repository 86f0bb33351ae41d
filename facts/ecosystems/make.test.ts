import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import type { Task } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { make } from './make.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(make, files)).signals);
}

async function task(files: Files, name: string): Promise<Task | undefined> {
  const { signals } = await signalsOf(make, files);
  return signals.find((signal): signal is Task => signal.kind === 'task' && signal.name === name);
}

describe('make', () => {
  it('takes a Makefile in front of CMake for what people use', async () => {
    const files = { Makefile: 'release:\n\tcmake -B build\n\tcc x.c\n', 'CMakeLists.txt': 'project(x)\n' };
    expect(await tell(files)).toContain('build: make | Makefile:1 | convention 0.5');
  });

  it.each([
    ['ifndef TAG\n\t$(error TAG is not set)\nendif\n\tgo build .\n'],
    ['ifeq ($(TAG),)\n\t@echo "no TAG"; exit 1\nelse\n\tgo build .\nendif\n'],
    ['ifeq "$(strip $(TAG))" ""\n\t$(error TAG is not set)\nendif\n\tgo build .\n'],
    ['\t$(if $(TAG),,$(error TAG is not set))\n\tgo build .\n'],
    ['\t@test -n "$(TAG)" || (echo "no TAG"; exit 1)\n\tgo build .\n'],
    ['\t@if [ -z "$(TAG)" ]; then echo "no TAG"; exit 1; fi\n\tgo build .\n'],
    ['\t@[ -n "$(TAG)" ] || exit 1\n\tgo build .\n'],
    ['\t$(call check_defined, TAG, which version)\n\tgo build .\n'],
  ])('says no target that gives up without a variable: %j', async (recipe) => {
    const Makefile = `.PHONY: build\nbuild:\n${recipe}`;
    expect((await task({ Makefile }, 'build'))?.internal).toBe(true);
    expect((await task({ Makefile: `TAG ?= dev\n${Makefile}` }, 'build'))?.internal).toBeUndefined();
  });

  it.each([
    ['ifdef TAG\n\t$(error TAG is set)\nendif\n\tgo build .\n'],
    ['ifeq ($(OS),Windows_NT)\n\t$(error not here)\nendif\n\tgo build .\n'],
    ['ifndef TAG\n\tgo build .\nelse\n\tgo build -tags $(TAG) . || exit 1\nendif\n'],
    ['\tif [ -z "$(SKIP)" ]; then go test ./... || exit 1; fi\n'],
  ])('says one that does without: %j', async (recipe) => {
    expect((await task({ Makefile: `.PHONY: build\nbuild:\n${recipe}` }, 'build'))?.internal).toBeUndefined();
  });

  it.each([
    ['test/%:\n\tgo test ./$*\n', 'test-single: make test/<name> | Makefile:1 | config 1'],
    ['all:\n\tcc x.c\ntest-%: all\n\t./run $*\n', 'test-single: make test-<name> | Makefile:3 | config 1'],
    ['test/%: build/%\n', undefined],
    ['tests/%.o: tests/%.c\n\tcc -c $<\n', undefined],
  ])('%j', async (Makefile, expected) => {
    expect((await tell({ Makefile })).find((line) => line.startsWith('test-single'))).toBe(expected);
  });

  it('says no `install` that puts the program where its users find it, itself or by what it needs', async () => {
    const Makefile = 'install: install-bin\ninstall-bin:\n\t$(INSTALL) -m 755 prog $(BINDIR)\n';
    expect((await task({ Makefile }, 'install'))?.internal).toBe(true);
    expect((await task({ Makefile: 'install: deps\ndeps:\n\tnpm ci\n' }, 'install'))?.internal).toBeUndefined();
  });

  it('reads the template that configure makes a Makefile of, unless automake wrote it', async () => {
    const files = {
      'Makefile.in': 'REBAR = @rebar@\n\ntest:\n\t$(REBAR) ct\nlint:\n\t@@ELVIS@ rock\n',
      'configure.ac': '',
    };
    expect(await tell(files)).toEqual([
      'task make test | Makefile.in:3 { rebar ct }',
      'task make lint | Makefile.in:5 { elvis rock }',
    ]);
    expect(await tell({ ...files, 'Makefile.am': '' })).toEqual([]);
    expect(await tell({ 'Makefile.in': files['Makefile.in'] })).toEqual([]);
    expect(await tell({ ...files, Makefile: 'other:\n\ttrue\n' })).toEqual(['task make other | Makefile:1 { true }']);
  });

  it('follows includes, and takes names that only a pattern rule makes legal from the rules behind it', async () => {
    const { signals, problems } = await signalsOf(make, fixture('make/includes'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'task make shared-lint | mk/shared.mk:5 { ./bin/golangci-lint run ./... } internal',
      'task make shared-fmt | mk/shared.mk:8 { gofumpt -w . } internal',
      'task make shared-test | mk/shared.mk:12 { go test ./... } internal',
      'task make help | Makefile:14 { grep -E "##" }',
      'task make build | Makefile:17 needs ./bin/ferry',
      'task make test | Makefile:23 { make unit; make -C docs check } needs fmt,unit',
      'task make unit | Makefile:27 { go test -race ./... }',
      'task make lint | mk/shared.mk:5 { ./bin/golangci-lint run ./... }',
      'task make fmt | mk/shared.mk:8 { gofumpt -w . }',
      'task make ./bin/ferry | Makefile:19 { go build -o ./bin/ferry ./cmd/ferry } needs tools internal',
      'task make tools | Makefile:32 { mkdir -p tools } internal',
    ]);
    const described = signals.flatMap((signal) =>
      signal.kind === 'task' && signal.description ? [`${signal.name}: ${signal.description}`] : [],
    );
    expect(described).toContain('build: Compile the server');
    expect(described).toContain('test: runs every test, slow ones included');
    expect(described).toContain('lint: Lint the code');
  });

  it('hands names down where .DEFAULT does, and says plain make where the default goal builds', async () => {
    expect(await tell(fixture('make/recursive'))).toEqual([
      'task make default | Makefile:1 needs all',
      'task make all | src/Makefile:3 { make -C src all }',
      'task make check | src/Makefile:11 { make -C src check }',
      'task make clean | src/Makefile:14 { make -C src clean }',
      'build: make | Makefile:1 | convention -1',
      'build-system = make | Makefile:1 | convention -1',
      'task make all in src | src/Makefile:3 needs lister',
      'task make check in src | src/Makefile:11 { ./run-checks } needs lister',
      'task make clean in src | src/Makefile:14 { rm -f lister main.o list.o }',
      'task make lister in src | src/Makefile:5 { cc -o lister main.o list.o } internal',
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['several targets of one rule', 'lint vet: deps\n\tgo vet ./...\n', ['lint', 'vet']],
    [
      'no objects, files or patterns',
      'a.o: a.c\n\tcc -c a.c\nout/x: y\n\tcp y x\n%.o: %.c\n\tcc $<\nprog: prog.o\n\tcc -o prog prog.o\n',
      [],
    ],
    ['no file behind a variable', 'BIN = server\n$(BIN): main.go\n\tgo build\n', []],
    [
      'names behind a variable that are phony',
      'ALL = lint vet\n.PHONY: $(ALL)\n$(ALL):\n\tgo $@ ./...\n',
      ['lint', 'vet'],
    ],
    ['phony names of any shape', '.PHONY: test/unit db.reset\ntest/unit db.reset:\n\t./x\n', ['test/unit', 'db.reset']],
    ['no target that writes a file of its name', 'coverage:\n\tgo tool cover > $@\ndist:\n\tmkdir -p dist\n', []],
    ['no stamp file', 'VERSION-FILE: FORCE\n\tgit describe\nFORCE:\n', []],
    ['no target without a recipe and without needs', '.PHONY: test\ntest:\n', []],
    ['double-colon rules', 'clean::\n\trm a\nclean::\n\trm b\n', ['clean']],
    [
      'static patterns',
      'build-linux build-darwin: build-%: main.go\n\tGOOS=$* go build\n',
      ['build-linux', 'build-darwin'],
    ],
    [
      'both branches of a conditional',
      'ifdef CI\ntest:\n\tgo test -json ./...\nelse\nlint:\n\tgo vet\nendif\n',
      ['test', 'lint'],
    ],
    ['no rule inside define', 'define RULE\ntest:\n\tgo test\nendef\nlint:\n\tgo vet\n', ['lint']],
    ['no assignment for a target', 'debug: CFLAGS += -g\ndebug: export X = 1\n', []],
    ['no assignment that looks like a rule', 'X := a:b\nY ::= c\nZ = d: e\n', []],
    ['a one-line recipe', 'test: ; go test ./...\n', ['test']],
    ['escaped colons', '.PHONY: docs\\:build\ndocs\\:build:\n\tmkdocs build\n', ['docs:build']],
    ['no name that a shell would take apart', '.PHONY: a;b `c` d\na;b `c` d:\n\tx\n`c` d: y\n\tx\n', ['d']],
    ['another recipe prefix', '.RECIPEPREFIX = >\ntest:\n> go test ./...\n', ['test']],
    ['no target of a merge conflict', '<<<<<<< ours\ntest:\n\tgo test\n=======\n>>>>>>> theirs\n', ['test']],
  ])('takes %s', async (_, text, names) => {
    const { signals } = await signalsOf(make, { Makefile: text });
    expect(signals.flatMap((signal) => (signal.kind === 'task' && !signal.internal ? [signal.name] : []))).toEqual(
      names,
    );
  });

  it.each<[string, string, readonly string[]]>([
    ['continued lines and prefixes', 'x:\n\t@-go test \\\n\t  -v\n', ['go test -v']],
    ['constants', 'GO ?= go\nPKG := ./pkg\nPKG += ./cmd\nx:\n\t${GO} vet $(PKG)\n', ['go vet ./pkg ./cmd']],
    [
      'the first of several branches',
      'ifdef CI\nT = gotestsum\nelse\nT = go test\nendif\nx:\n\t$(T) ./...\n',
      ['gotestsum ./...'],
    ],
    ['an assignment that uses itself', 'P = a\nP := $(P) b\nx:\n\techo $(P)\n', ['echo a b']],
    [
      'a shell call as the shell writes it',
      'V := $(shell git describe)\nx:\n\techo $(V) $$HOME\n',
      ['echo $(git describe) $HOME'],
    ],
    ['the folder', 'x:\n\tls $(CURDIR)/a $(shell pwd)/b\n', ['ls ./a ./b']],
    [
      'a tool that is looked for',
      'L = $(shell command -v golangci-lint || echo)\nx:\n\t$(L) run\n',
      ['golangci-lint run'],
    ],
    ['a tool in a variable nobody fills', 'x:\n\t$(GOTESTSUM) ./...\n', ['gotestsum ./...']],
    ['a variable called like what every object has', 'x:\n\t$(constructor) ./...\n', ['$(constructor) ./...']],
    ['a tool in a folder nobody knows', 'x:\n\t$(GOBIN)/golangci-lint run\n', ['golangci-lint run']],
    ['an option nobody sets', 'x:\n\tpytest $(if $(COV),--cov,-q) tests\n', ['pytest -q tests']],
    ['what it does not know as it is', 'x:\n\tgo test ./$(PKG)/...\n', ['go test ./$(PKG)/...']],
    [
      'canned recipes',
      'define run\n@echo start\npytest $(1)\nendef\nx:\n\t$(call run,-q)\n',
      ['echo start', 'pytest -q'],
    ],
    ['endless variables', 'A = $(B)\nB = $(A)\nx:\n\techo $(A)\n', ['echo $(B)']],
    ['the last of two recipes', 'x:\n\techo one\nx:\n\techo two\n', ['echo two']],
    ['no comments', 'x:\n\t# why\n\t@# because\n\tgo vet\n', ['go vet']],
  ])('reads recipes: %s', async (_, text, body) => {
    expect((await task({ Makefile: `.PHONY: x\n${text}` }, 'x'))?.body).toEqual(body);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'by folder constants',
      { Makefile: 'TOP := $(CURDIR)\ninclude $(TOP)/mk/a.mk\n', 'mk/a.mk': 'lint:\n\tgo vet\n' },
      ['mk/a.mk:1'],
    ],
    [
      'by where the file lies',
      {
        Makefile: 'HERE := $(dir $(lastword $(MAKEFILE_LIST)))\ninclude $(HERE)mk/a.mk\n',
        'mk/a.mk': 'lint:\n\tgo vet\n',
      },
      ['mk/a.mk:1'],
    ],
    [
      'through wildcard',
      { Makefile: 'include $(wildcard mk/*.mk)\n', 'mk/a.mk': 'lint:\n\tgo vet\n', 'mk/b.txt': 'x:\n\ty\n' },
      ['mk/a.mk:1'],
    ],
    ['of includes', { Makefile: 'include a.mk\n', 'a.mk': 'sinclude b.mk\n', 'b.mk': 'lint:\n\tgo vet\n' }, ['b.mk:1']],
    ['in a circle', { Makefile: 'include a.mk\n', 'a.mk': 'include Makefile a.mk\nlint:\n\tgo vet\n' }, ['a.mk:2']],
    [
      'of a Makefile below, which is then no place of its own',
      { Makefile: 'include sub/Makefile\n', 'sub/Makefile': 'lint:\n\tgo vet\n' },
      ['sub/Makefile:1'],
    ],
    ['of secrets: never', { Makefile: 'include .env\n', '.env': 'lint:\n\tgo vet\n' }, []],
  ])('finds includes %s', async (_, files, places) => {
    const { signals } = await signalsOf(make, files);
    expect(
      signals.flatMap((signal) => (signal.kind === 'task' ? [`${signal.at.path}:${signal.at.line}`] : [])),
    ).toEqual(places);
  });

  it('finds includes of many stars in no time', async () => {
    const started = processorTime();
    await signalsOf(make, { Makefile: 'include $(wildcard mk/*a*a*b)\n', [`mk/${'a'.repeat(4000)}`]: 'x:\n\ty\n' });
    expect(processorTime() - started).toBeLessThan(2000);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'GNUmakefile before makefile before Makefile',
      { Makefile: 'a:\n\tx\n', makefile: 'b:\n\tx\n', GNUmakefile: 'c:\n\tx\n' },
      ['task make c | GNUmakefile:1 { x }'],
    ],
    [
      'a package, not an example and not a library beside',
      {
        'svc/Makefile': 'run:\n\tx\n',
        'examples/Makefile': 'run:\n\tx\n',
        'lib/z-1.2.3/Makefile': 'run:\n\tx\n',
        'a/b/Makefile': 'run:\n\tx\n',
        'a/c/Makefile': 'run:\n\tx\n',
        'a/c/go.mod': 'module c\n',
      },
      ['task make run in a/c | a/c/Makefile:1 { x }', 'task make run in svc | svc/Makefile:1 { x }'],
    ],
    [
      'nothing that automake or CMake wrote',
      {
        Makefile: '# Makefile.in generated by automake 1.16\ntest:\n\tx\n',
        'a/Makefile': '# CMAKE generated file: DO NOT EDIT!\ntest:\n\tx\n',
      },
      [],
    ],
    ['no symbolic link', { Makefile: { symlink: 'other/Makefile' }, 'other/x': '' }, []],
  ])('chooses %s', async (_, files, lines) => {
    expect([...(await tell(files))].sort()).toEqual([...lines].sort());
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'compiles',
      { Makefile: 'prog: main.o\n\tcc -o prog main.o\n' },
      ['build: make | Makefile:1 | convention -1', 'build-system = make | Makefile:1 | convention -1'],
    ],
    [
      'compiles by another name',
      {
        Makefile: '.DEFAULT_GOAL = all\ntest:\n\tx\nall: bin\nbin:\n\tgo build -o out ./...\n',
        'go.mod': 'module x\n',
      },
      ['build: make | Makefile:4 | convention -1'],
    ],
    ['only checks', { Makefile: 'all: lint test\nlint:\n\truff check\ntest:\n\tpytest\n' }, []],
    ['is build itself', { Makefile: 'build:\n\tgo build ./...\n' }, []],
    ['shows help', { Makefile: 'help:\n\t@echo hi\nbuild:\n\tcc -c a.c\n' }, []],
  ])('says plain make where the default goal builds: one that %s', async (_, files, lines) => {
    expect((await tell(files)).filter((line) => !line.startsWith('task'))).toEqual(lines);
  });

  it('does not call what a message only mentions', async () => {
    const Makefile = 'check:\n\t@diff a b || (echo "please run \'make gen\' first" && false)\ngen:\n\tgo generate\n';
    expect((await task({ Makefile }, 'check'))?.needs).toEqual([]);
  });

  it('hides targets that begin with a dot or an underscore', async () => {
    const lines = await tell({ Makefile: '.PHONY: .uv\n.uv:\n\tuv -V\n_env:\n\tuv sync\ntest: .uv _env\n\tpytest\n' });
    expect(lines).toEqual([
      'task make .uv | Makefile:2 { uv -V } internal',
      'task make _env | Makefile:4 { uv sync } internal',
      'task make test | Makefile:6 { pytest } needs .uv,_env',
    ]);
  });

  it('hides an install that only puts the program where its users find it', async () => {
    const copies = await task({ Makefile: 'install: prog\n\tinstall -m 755 prog $(DESTDIR)/usr/bin\n' }, 'install');
    const fetches = await task({ Makefile: 'install:\n\tgo mod download\n\tcp hook $(PREFIX)/x\n' }, 'install');
    expect([copies?.internal, fetches?.internal]).toEqual([true, undefined]);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a recipe', 'test:\n\tgo test \\'],
    ['half a define', 'test:\n\tgo test\ndefine x\n'],
    ['carriage returns', 'test:\r\n\tgo test\r\n'],
    ['unbalanced brackets', 'X = $(((\ntest: $(\n\tgo test $(A ${B\n'],
  ])('survives %s', async (_, text) => {
    const { signals, problems } = await signalsOf(make, { Makefile: text });
    expect(problems).toEqual([]);
    expect(signals.flatMap((signal) => (signal.kind === 'task' ? [signal.name] : []))).toEqual(
      text === '' ? [] : ['test'],
    );
  });

  it.each<[string, string]>([
    ['open brackets', `test:\n\tgo test ${'$('.repeat(300_000)}\n`],
    ['backslashes', `test:\n\tgo test ${'\\'.repeat(900_000)}\n`],
    ['one long name', `${'a'.repeat(1_000_000)}: b\ntest:\n\tgo test\n`],
    [
      'variables that double',
      `${Array.from({ length: 60 }, (_, i) => `V${i} = $(V${i + 1})$(V${i + 1})`).join('\n')}\nV60 = xxxxxxxx\ntest:\n\tgo test $(V0)\n`,
    ],
    ['thousands of rules', `${Array.from({ length: 30_000 }, (_, i) => `t${i}: t${i + 1}\n\techo ${i}`).join('\n')}\n`],
    ['spaces', `test:${' '.repeat(900_000)}x\n\tgo test\n`],
  ])('stays quick with %s', async (_, Makefile) => {
    const started = processorTime();
    const { signals } = await signalsOf(make, { Makefile });
    expect(signals.length).toBeGreaterThan(0);
    expect(processorTime() - started).toBeLessThan(3_000);
  });
});
