import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../../forge/git/testing/make-repo.ts';
import {
  composerScripts,
  justRecipes,
  type Manifest,
  makeTargets,
  mixAliases,
  packageScripts,
  rakeTasks,
  taskfileTasks,
  toxEnvironments,
} from './manifests.ts';
import { mentionsIn } from './mentions.ts';
import { pathClaims, renamedPath, withoutPath } from './paths.ts';
import { mutatedTarget, targetClaims } from './targets.ts';
import { Tree, Workshop } from './tree.ts';

describe('what a document names', () => {
  it('is in code, links, command lines and drawn trees, each on its line', () => {
    const text = [
      'See `src/a.ts` and [the guide](docs/guide.md).',
      '<!-- `hidden.ts` -->',
      '```bash',
      '$ make test  # all of it',
      '```',
      '```',
      'src/',
      '├── core/',
      '│   └── a.ts  # the entry',
      '├── lib/',
      '└── b, c',
      '```',
    ].join('\n');
    expect(mentionsIn(text).map(({ line, place, written, way }) => [line, place, way ?? written])).toEqual([
      [1, 'code', 'src/a.ts'],
      [1, 'link', 'docs/guide.md'],
      [4, 'command', 'make test'],
      [8, 'tree', 'src/core'],
      [9, 'tree', 'src/core/a.ts'],
      [10, 'tree', 'src/lib'],
    ]);
  });
});

describe('a target of a manifest', () => {
  const table: readonly [string, Manifest, string, string, string, string][] = [
    [
      'package.json',
      packageScripts,
      'lint',
      '{\n  "scripts": {\n    "build": "tsc",\n    "lint": "biome"\n  }\n}\n',
      '{\n  "scripts": {\n    "build": "tsc"\n  }\n}\n',
      '{\n  "scripts": {\n    "build": "tsc",\n    "lint-all": "biome"\n  }\n}\n',
    ],
    ['composer.json', composerScripts, 'cs', '{"scripts":{"cs":"x"}}', '{"scripts":{}}', '{"scripts":{"cs-all":"x"}}'],
    [
      'Makefile',
      makeTargets,
      'test',
      '.PHONY: build test\nbuild:\n\tgo build\ntest: build\n\tgo test\n\n\tgo vet\n\nlint:\n\tx\n',
      '.PHONY: build \nbuild:\n\tgo build\n\nlint:\n\tx\n',
      '.PHONY: build test-all\nbuild:\n\tgo build\ntest-all: build\n\tgo test\n\n\tgo vet\n\nlint:\n\tx\n',
    ],
    [
      'justfile',
      justRecipes,
      'fmt',
      'a := "x"\n# tidy\nfmt *args:\n    go fmt\n\ntest:\n    go test\n',
      'a := "x"\n\ntest:\n    go test\n',
      'a := "x"\n# tidy\nfmt-all *args:\n    go fmt\n\ntest:\n    go test\n',
    ],
    [
      'Taskfile.yml',
      taskfileTasks,
      'lint',
      'tasks:\n  lint:\n    cmds:\n      - x\n\n  test:\n    cmds: [y]\n',
      'tasks:\n\n  test:\n    cmds: [y]\n',
      'tasks:\n  lint-all:\n    cmds:\n      - x\n\n  test:\n    cmds: [y]\n',
    ],
    [
      'Rakefile',
      rakeTasks,
      'docs',
      'task default: :docs\ndesc "Docs"\ntask :docs do\n  if x\n  end\nend\ntask :other do\nend\n',
      'task default: :docs\ntask :other do\nend\n',
      'task default: :docs\ndesc "Docs"\ntask :docs-all do\n  if x\n  end\nend\ntask :other do\nend\n',
    ],
    [
      'mix.exs',
      mixAliases,
      'quality',
      '  defp aliases do\n    [\n      quality: [\n        "x"\n      ],\n      q: ["y"]\n    ]\n  end\n',
      '  defp aliases do\n    [\n      q: ["y"]\n    ]\n  end\n',
      '  defp aliases do\n    [\n      quality-all: [\n        "x"\n      ],\n      q: ["y"]\n    ]\n  end\n',
    ],
    [
      'tox.ini',
      toxEnvironments,
      'lint',
      '[tox]\nenvlist = py\n[testenv:lint]\ndeps = x\n[testenv:docs]\n',
      '[tox]\nenvlist = py\n[testenv:docs]\n',
      '[tox]\nenvlist = py\n[testenv:lint-all]\ndeps = x\n[testenv:docs]\n',
    ],
  ];
  for (const [file, manifest, name, text, without, renamed] of table)
    it(`of ${file} goes or is renamed, and nothing else changes`, () => {
      expect(names(manifest, text)).toContain(name);
      expect(manifest.without(text, name)).toBe(without);
      expect(manifest.renamed(text, name, `${name}-all`)).toBe(renamed);
    });

  it('is only one that nothing else answers to', () => {
    expect(names(packageScripts, '{"scripts":{"vitest":"x","install":"y"},"devDependencies":{"vitest":"1"}}')).toEqual(
      [],
    );
    expect(names(makeTargets, 'a:\n\tx\n%: common-%\n')).toEqual([]);
    expect(names(makeTargets, 'a:\n\tx\na: b\n')).toEqual([]);
    expect([
      ...makeTargets.names(
        'docs:\n\tx\n',
        (path) => path === 'docs',
        () => '',
      ),
    ]).toEqual([]);
    expect(names(justRecipes, 'a:\n    x\nb: a\n    y\n')).toEqual(['b']);
    expect(names(rakeTasks, 'task :a do\nend\ntask a: :b\n')).toEqual([]);
    expect(names(taskfileTasks, 'vars:\n  a:\ntasks:\n  b:\n    cmds: []\n')).toEqual(['b']);
    expect(names(toxEnvironments, '[tox]\nenvlist = lint\n[testenv:lint]\n')).toEqual([]);
  });

  function names(manifest: Manifest, text: string): readonly string[] {
    return [
      ...manifest.names(
        text,
        () => false,
        () => '',
      ),
    ];
  }
});

describe('a mutant', () => {
  let repo: TestRepository | undefined;
  afterEach(() => repo?.cleanup());

  const FILES = {
    'AGENTS.md': 'Run `make lint`. Code is in `src/core/`, see `src/core/a.ts` and `only.ts`. Never `src/`; `b.ts`.\n',
    Makefile: 'lint:\n\tx\n',
    'src/core/a.ts': 'a',
    'src/core/only.ts': 'only',
    'src/x/b.ts': 'b',
    'src/y/b.ts': 'b',
  };

  it('is of a thing that only one line of reading can mean', async () => {
    const { tree } = await open(FILES);
    const dropped: string[] = [];
    const mentions = mentionsIn(tree.text('AGENTS.md')!);
    const paths = pathClaims(tree, 'AGENTS.md', mentions, (why) => dropped.push(why));
    expect(paths.map(({ kind, thing }) => [kind, thing])).toEqual([
      ['folder', 'src/core'],
      ['file', 'src/core/a.ts'],
      ['file', 'src/core/only.ts'],
      ['folder', 'src'],
    ]);
    expect(targetClaims(tree, 'AGENTS.md', mentions, (why) => dropped.push(why)).map(({ thing }) => thing)).toEqual([
      'lint',
    ]);
    expect(dropped).toEqual([]);
  });

  it('is not of a path that another one ends with, nor on a line that speaks of making or deleting it', async () => {
    const { tree } = await open({
      'AGENTS.md': '`docs/`\n\nDelete `a/x.md`\n',
      'docs/x.md': '',
      'lib/docs/y.md': '',
      'a/x.md': '',
    });
    const dropped: string[] = [];
    expect(pathClaims(tree, 'AGENTS.md', mentionsIn(tree.text('AGENTS.md')!), (why) => dropped.push(why))).toEqual([]);
    expect(dropped).toHaveLength(2);
  });

  it('differs from its commit in nothing else, and leaves the repository alone', async () => {
    const { tree, workshop, git } = await open(FILES);
    const about = { kind: 'folder', thing: 'src/core', claims: [] } as const;
    const gone = withoutPath(about, workshop).commit;
    expect(await git('--git-dir', workshop.dir, 'rev-parse', `${gone}^`)).toBe(tree.commit);
    expect(await changed(gone)).toEqual(['D\tsrc/core/a.ts', 'D\tsrc/core/only.ts']);
    const { commit, successor } = renamedPath(about, tree, workshop, () => 0.9);
    expect(await changed(commit)).toEqual([
      `R100\tsrc/core/a.ts\t${successor}/a.ts`,
      `R100\tsrc/core/only.ts\t${successor}/only.ts`,
    ]);
    const target = { kind: 'make target', thing: 'lint', manifest: 'Makefile', claims: [] } as const;
    const edited = mutatedTarget(target, 'renamed', tree, workshop)!;
    expect(await changed(edited.commit)).toEqual(['M\tMakefile']);
    expect(await git('--git-dir', workshop.dir, 'show', `${edited.commit}:Makefile`)).toBe('lint-all:\n\tx');
    await expect(git('cat-file', '-e', gone)).rejects.toThrow();

    async function changed(to: string): Promise<readonly string[]> {
      const said = await git('--git-dir', workshop.dir, 'diff-tree', '-r', '-M', '--name-status', tree.commit, to);
      return said.split('\n');
    }
  });

  async function open(files: Readonly<Record<string, string>>) {
    repo = await makeRepository({ files }, { bare: true });
    const tree = new Tree(repo.dir, repo.commit);
    return { tree, workshop: new Workshop(join(repo.root, 'work'), tree), git: repo.git };
  }
});
