import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { mise } from './mise.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(mise, files)).signals);
}

/** The fixture's task scripts are executable; files of a checkout on another system may not be. */
function withScripts(files: Record<string, string>, ...paths: string[]): Files {
  return { ...files, ...Object.fromEntries(paths.map((path) => [path, { executable: files[path] ?? '' }])) };
}

describe('mise', () => {
  it('reads tasks of the configuration and of the task folders, and the runtimes it pins', async () => {
    const files = withScripts(fixture('mise/tasks'), '.mise/tasks/db/migrate.sh', '.mise/tasks/db/_default');
    const { signals, problems } = await signalsOf(mise, files);
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'task mise run fmt | mise.toml:18 { gofumpt -w . }',
      'task mise run ci | mise.toml:19 needs lint,test:unit,test:one',
      'task mise run lint | mise.toml:21 { golangci-lint run ./... } needs fmt',
      'task mise run test:unit | mise.toml:29 { cd server; set -e; go test  ./... }',
      "task mise run test:one <file> | mise.toml:38 { go test {{arg(name='file')}} }",
      'task mise run tag | mise.toml:41 { git tag $usage_version } internal',
      'task mise run seed | mise.toml:45 { bash scripts/seed.sh } needs fmt internal',
      'task mise run db | .mise/tasks/db/_default:2',
      'task mise run db:migrate | .mise/tasks/db/migrate.sh:2 { set -e; atlas migrate apply } needs seed',
      'task mise run l | mise.toml:21 needs lint internal',
      'task mise run m | .mise/tasks/db/migrate.sh:2 needs db:migrate internal',
      'runtime.node = 24.1.0 | mise.toml:7 | config 0',
      'runtime.python = 3.13 | mise.toml:8 | config 0',
      'runtime.python = 3.12 | mise.toml:8 | config -1',
      'runtime.java = temurin-21 | mise.toml:9 | config 0',
      'install: mise install | mise.toml:6 | convention -5',
    ]);
    const described = signals.flatMap((signal) =>
      signal.kind === 'task' && signal.description ? [`${signal.name}: ${signal.description}`] : [],
    );
    expect(described).toEqual(['lint: Check the code', 'db: Reset everything', 'db:migrate: Migrate the database']);
  });

  it.each([
    '.mise.toml',
    'mise/config.toml',
    '.mise/config.toml',
    '.config/mise.toml',
    '.config/mise/config.toml',
    '.config/mise/conf.d/a.toml',
  ])('takes %s for the root', async (path) => {
    expect(await tell({ [path]: '[tools]\ngo = "1.24"\n[tasks.test]\nrun = "go test"\n' })).toEqual([
      `task mise run test | ${path}:3 { go test }`,
      `runtime.go = 1.24 | ${path}:2 | config 0`,
      `install: mise install | ${path}:1 | convention -5`,
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'no pin that pins nothing',
      '[tools]\ngo = "latest"\nruby = "path:~/x"\npython = "{{env.V}}"\n',
      ['install: mise install | mise.toml:1 | convention -5'],
    ],
    [
      'no tool that is no runtime',
      '[tools]\nterraform = "1"\n"npm:node" = "1"\n',
      ['install: mise install | mise.toml:1 | convention -5'],
    ],
    ['no empty table', '[tools]\n[env]\nA = "b"\n', []],
    ['a list for a task', '[tasks]\na = ["x", "y"]\n', ['task mise run a | mise.toml:2 { x; y }']],
    [
      'names as dependencies',
      '[tasks.a]\ndepends = "b --flag"\n[tasks.b]\nrun = "x"\n',
      ['task mise run a | mise.toml:1 needs b', 'task mise run b | mise.toml:3 { x }'],
    ],
    [
      'needs by an alias',
      '[tasks.a]\ndepends = ["bee"]\n[tasks.b]\nalias = ["bee"]\n',
      [
        'task mise run a | mise.toml:1 needs b',
        'task mise run b | mise.toml:3',
        'task mise run bee | mise.toml:3 needs b internal',
      ],
    ],
    [
      'arguments with defaults',
      "[tasks.a]\nrun = \"x {{arg(name='p', default='q')}} {{flag(name='v')}}\"\n",
      ['task mise run a | mise.toml:1 { x q }'],
    ],
    [
      'optional arguments of a usage',
      '[tasks.a]\nusage = \'\'\'\narg "[p]"\narg "<q>" default="r"\n\'\'\'\nrun = "x"\n',
      ['task mise run a | mise.toml:1 { x }'],
    ],
    [
      'scripts of other languages as unknown',
      '[tasks.a]\nrun = "#!/usr/bin/env node\\nfetch()"\n',
      ['task mise run a | mise.toml:1'],
    ],
    [
      'the root by its name',
      '[tasks.a]\ndir = "{{config_root}}/web"\nrun = "x"\n',
      ['task mise run a | mise.toml:1 { cd web; x }'],
    ],
    [
      'wrong types',
      'tools = 3\n[tasks]\na = 4\nb = [[1], {}]\nc = { run = { x = 1 }, depends = 2, alias = 3, description = [] }\n',
      [
        'task mise run a | mise.toml:3 { 4 }',
        'task mise run b | mise.toml:4',
        'task mise run c | mise.toml:5',
        'task mise run 3 | mise.toml:5 needs c internal',
      ],
    ],
    ['carriage returns', '[tasks.a]\r\nrun = "x"\r\n', ['task mise run a | mise.toml:1 { x }']],
    [
      'no name that a shell would take apart',
      '[tasks]\n"a b" = "x"\n"a;b" = "x"\n"a:b" = "x"\n',
      ['task mise run a:b | mise.toml:4 { x }'],
    ],
    ['nothing', '', []],
  ])('takes %s', async (_, text, lines) => {
    const { signals, problems } = await signalsOf(mise, { 'mise.toml': text });
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual(lines);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'task folders without a configuration',
      {
        'mise-tasks/build.sh': { executable: '#!/bin/sh\ncargo build\n' },
        'mise-tasks/.hidden': { executable: 'x\n' },
      },
      ['task mise run build | mise-tasks/build.sh:2 { cargo build }'],
    ],
    [
      'what task_config names, and only that',
      {
        'mise.toml': '[task_config]\nincludes = ["more.toml", "jobs"]\n',
        'more.toml': 'a = "x"\n[b]\nrun = "y"\n',
        'jobs/c': { executable: 'z\n' },
        'mise-tasks/d': { executable: 'w\n' },
      },
      [
        'task mise run c | jobs/c:1 { z }',
        'task mise run a | more.toml:1 { x }',
        'task mise run b | more.toml:2 { y }',
      ],
    ],
    [
      'a package of its own',
      { 'web/mise.toml': '[tools]\nnode = "22"\n[tasks]\na = "x"\n' },
      ['task mise run a in web | web/mise.toml:4 { x }', 'runtime.node = 22 in web | web/mise.toml:2 | config 0'],
    ],
    [
      'versions of asdf',
      { '.tool-versions': '# pins\nnodejs 22.1.0 20.0.0\nterraform 1.9\ngolang 1.24\nruby\n' },
      ['runtime.node = 22.1.0 | .tool-versions:2 | config 0', 'runtime.go = 1.24 | .tool-versions:4 | config 0'],
    ],
  ])('finds %s', async (_, files, lines) => {
    expect([...(await tell(files))].sort()).toEqual([...lines].sort());
  });

  it('keeps what stands before a mistake, and names it', async () => {
    const { signals, problems } = await signalsOf(mise, { 'mise.toml': '[tasks.a]\nrun = "x"\n[tasks.b\nrun = "y"\n' });
    expect(told(signals)).toEqual(['task mise run a | mise.toml:1 { x }']);
    expect(problems[0]?.message).toMatch(/^not valid TOML/);
  });
});
