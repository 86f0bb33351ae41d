import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { taskfile } from './taskfile.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(taskfile, files)).signals);
}

/** A Taskfile with these tasks, each on lines of its own from line 3 on. */
const tasks = (text: string): Files => ({ 'Taskfile.yml': `version: '3'\ntasks:\n${text}` });

describe('taskfile', () => {
  it('reads tasks with their includes and namespaces', async () => {
    const { signals, problems } = await signalsOf(taskfile, fixture('taskfile/namespaces'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'task task default | Taskfile.yml:23 needs lint,web:test',
      'task task lint | Taskfile.yml:28 { golangci-lint run ./... }',
      'task task l | Taskfile.yml:28 needs lint internal',
      'task task test | Taskfile.yml:36 { cd server; go test  ./... } needs generate,web:install',
      'task task test:file FILE=<file> | Taskfile.yml:44 { go test {{.FILE}} }',
      'task task publish | Taskfile.yml:51 { goreleaser release {{.VERSION}} } internal',
      'task task generate | Taskfile.yml:57 { go generate ./... }',
      'task task ci | Taskfile.yml:58 { go vet ./...; go test ./... }',
      'task task all | Taskfile.yml:60 needs lint,test,release:sign',
      'task task setup | Taskfile.yml:70 { go mod download } internal',
      'task task web:install | web/Taskfile.yml:3 { pnpm install }',
      'task task web:test | web/Taskfile.yml:6 { cd web; pnpm test } needs web:install',
      'task task build | build/Taskfile.yaml:5 { go build -o ./dist/ferry . }',
      'task task release:sign | build/release.yml:3 { cosign sign ferry } internal',
    ]);
    const described = signals.flatMap((signal) =>
      signal.kind === 'task' && signal.description ? [`${signal.name}: ${signal.description}`] : [],
    );
    expect(described).toEqual([
      'lint: Check the code',
      'test: Run the tests',
      'test:file: Run the tests of one file',
      'build: Compile',
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['a text for a task', '  a: go test\n', ['task task a | Taskfile.yml:3 { go test }']],
    ['cmds that are one text', '  a: {cmds: go test}\n', ['task task a | Taskfile.yml:3 { go test }']],
    ['cmd beside cmds', '  a:\n    cmd: x\n    cmds: [y]\n', ['task task a | Taskfile.yml:3 { x; y }']],
    [
      'deps as names and maps',
      '  a:\n    deps: [b, {task: c}, {task: missing}]\n  b: x\n  c: y\n',
      [
        'task task a | Taskfile.yml:3 needs b,c',
        'task task b | Taskfile.yml:5 { x }',
        'task task c | Taskfile.yml:6 { y }',
      ],
    ],
    [
      'needs by an alias',
      '  a: {deps: [bee]}\n  b: {aliases: [bee], cmds: [x]}\n',
      [
        'task task a | Taskfile.yml:3 needs b',
        'task task b | Taskfile.yml:4 { x }',
        'task task bee | Taskfile.yml:4 needs b internal',
      ],
    ],
    [
      'defaults of variables',
      '  a:\n    cmds: [\'x {{.P | default "./..."}} {{default "q" .Q}}\']\n',
      ['task task a | Taskfile.yml:3 { x ./... q }'],
    ],
    [
      'variables of the task',
      '  a:\n    vars: {P: ./pkg}\n    cmds: ["go test {{ .P }}"]\n',
      ['task task a | Taskfile.yml:3 { go test ./pkg }'],
    ],
    [
      'folded and continued commands',
      '  a:\n    cmds:\n      - >-\n        go test\n        ./...\n      - |\n        go vet \\\n          ./...\n',
      ['task task a | Taskfile.yml:3 { go test ./...; go vet ./... }'],
    ],
    [
      'tasks of Windows only as hidden',
      '  a: {platforms: [windows/amd64], cmds: [x]}\n',
      ['task task a | Taskfile.yml:3 { x } internal'],
    ],
    [
      'a required variable that is set',
      '  a: {requires: {vars: [{name: V}]}, vars: {V: 1}, cmds: [x]}\n',
      ['task task a | Taskfile.yml:3 { x }'],
    ],
    [
      'a folder that only a run knows',
      "  a: {dir: '{{.SOMEWHERE}}', cmds: [x]}\n",
      ['task task a | Taskfile.yml:3 { x }'],
    ],
    [
      'the root folder by its name',
      "  a: {dir: '{{.ROOT_DIR}}/web', cmds: [x]}\n",
      ['task task a | Taskfile.yml:3 { cd web; x }'],
    ],
    [
      'no name that a shell would take apart',
      '  "a b": x\n  a;b: x\n  a:b: x\n',
      ['task task a:b | Taskfile.yml:5 { x }'],
    ],
    ['nothing', '  a:\n', ['task task a | Taskfile.yml:3']],
    [
      'wrong types',
      '  a: 3\n  b: [[], {}, 4]\n  c: {cmds: {x: y}, deps: 7, desc: [d], vars: [1], requires: 2}\n  d: true\n',
      [
        'task task a | Taskfile.yml:3 { 3 }',
        'task task b | Taskfile.yml:4 { 4 }',
        'task task c | Taskfile.yml:5',
        'task task d | Taskfile.yml:6 { true }',
      ],
    ],
  ])('takes %s', async (_, text, lines) => {
    const { signals, problems } = await signalsOf(taskfile, tasks(text));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual(lines);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'the first of the names Task looks for',
      { 'Taskfile.dist.yml': 'tasks: {a: x}\n', 'Taskfile.yaml': 'tasks: {b: x}\n' },
      ['task task b | Taskfile.yaml:1 { x }'],
    ],
    [
      'a folder of a package, not an example',
      { 'web/Taskfile.yml': 'tasks: {a: x}\n', 'examples/Taskfile.yml': 'tasks: {a: x}\n' },
      ['task task a in web | web/Taskfile.yml:1 { x }'],
    ],
    [
      'an include that runs in its own folder, without what it excludes',
      {
        'Taskfile.yml': 'includes:\n  w: {taskfile: web, dir: web, excludes: [b]}\n',
        'web/Taskfile.yml': 'tasks:\n  a: {cmds: [x], deps: [":c", b]}\n  b: y\n',
      },
      ['task task w:a | web/Taskfile.yml:2 { cd web; x }'],
    ],
    [
      'an include with variables of its own',
      {
        'Taskfile.yml': 'includes:\n  w: {taskfile: w.yml, vars: {P: ./w}}\n',
        'w.yml': 'vars: {P: ./x}\ntasks:\n  a: go test {{.P}}\n',
      },
      ['task task w:a | w.yml:3 { go test ./w }'],
    ],
    [
      'includes in a circle',
      { 'Taskfile.yml': 'includes: {w: w.yml}\ntasks: {a: x}\n', 'w.yml': 'includes: {r: Taskfile.yml, w: w.yml}\n' },
      ['task task a | Taskfile.yml:2 { x }'],
    ],
  ])('finds %s', async (_, files, lines) => {
    expect(await tell(files)).toEqual(lines);
  });

  it('keeps what stands before a mistake, and names it', async () => {
    const { signals, problems } = await signalsOf(taskfile, tasks('  a:\r\n    cmds: [go test]\r\n  b: {cmds: [x\r\n'));
    expect(told(signals)[0]).toBe('task task a | Taskfile.yml:3 { go test }');
    expect(problems[0]?.message).toMatch(/^not valid YAML/);
  });

  it('stays quick with a command full of half templates', async () => {
    const started = processorTime();
    const lines = await tell(tasks(`  a: "${'{{if .A}} '.repeat(90_000)}"\n`));
    expect(lines).toHaveLength(1);
    expect(processorTime() - started).toBeLessThan(3_000);
  });
});
