import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const json = (path: string) => JSON.parse(read(path));

interface Instruction {
  readonly name: string;
  readonly text: string;
  /** Words that begin with `--`, and all others. */
  readonly flags: readonly string[];
  readonly words: readonly string[];
}

/** The instructions of a Dockerfile, stage by stage. */
function stagesOf(text: string): readonly (readonly Instruction[])[] {
  const stages: Instruction[][] = [];
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  for (const line of lines.split('\n').filter((each) => each.trim() !== '')) {
    const [, name = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
    const all = rest.trim().split(/\s+/);
    const flags = all.filter((word) => word.startsWith('--'));
    const words = all.filter((word) => !word.startsWith('--'));
    if (name.toUpperCase() === 'FROM') stages.push([]);
    stages.at(-1)!.push({ name: name.toUpperCase(), text: rest, flags, words });
  }
  return stages;
}

/** What is wrong with an image that runs beside secrets, whatever is in it. */
function problemsOf(text: string, context: (path: string) => boolean): readonly string[] {
  const stages = stagesOf(text);
  const names = stages.map(([from]) => /\sAS\s+(\S+)$/i.exec(from!.text)?.[1]);
  const all = stages.flat();
  const users = stages.at(-1)!.filter(({ name }) => name === 'USER');
  return [
    ...stages.flatMap(([from]) => {
      const image = from!.words[0]!;
      const isPinned = /@sha256:[0-9a-f]{64}$/.test(image) || /:\d+\.\d+\.\d+[\w.-]*$/.test(image);
      return isPinned || names.includes(image) ? [] : [`${image} is not pinned`];
    }),
    ...all.filter(({ name }) => name === 'ADD').map(({ text }) => `ADD ${text}: COPY adds no more than what is there`),
    ...(users.length > 0 && /^[1-9]\d*(?::[1-9]\d*)?$/.test(users.at(-1)!.words[0]!)
      ? []
      : ['it runs as root, or who knows']),
    ...all
      .filter(({ name, text }) => /^(?:ENV|ARG)$/.test(name) && /token|secret|password|passwd|api_?key/i.test(text))
      .map(({ name, text }) => `${name} ${text}: a secret stays in the image`),
    ...all
      .filter(({ name, text }) => name === 'RUN' && /\b(?:curl|wget)\b|\|\s*(?:ba)?sh\b/.test(text))
      .map(({ text }) => `${text}: fetches what nobody pinned`),
    ...all
      .filter(({ name, flags }) => name === 'COPY' && !flags.some((flag) => flag.startsWith('--from=')))
      .flatMap(({ words }) => words.slice(0, -1))
      .flatMap((path) => (path === '.' || context(path) ? [] : [`${path} is not in the context`])),
    ...all
      .flatMap(({ flags }) => flags)
      .flatMap((flag) => /^--from=(.*)$/.exec(flag)?.[1] ?? [])
      .flatMap((stage) => (names.includes(stage) ? [] : [`there is no stage ${stage}`])),
  ];
}

const left = ignore().add(read('.dockerignore'));
const isInContext = (path: string): boolean => existsSync(join(ROOT, path)) && !left.ignores(path);

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  const stages = stagesOf(text);
  const last = stages.at(-1)!;

  it('is pinned, runs as nobody special, adds nothing from elsewhere, holds no secret, and copies what is there', () => {
    expect(problemsOf(text, isInContext)).toEqual([]);
  });

  it('has the Node that the project is tested with, in every stage', () => {
    const { node } = json('package.json').devDependencies;
    for (const [from] of stages) expect(from!.words[0]).toMatch(new RegExp(`^node:${node.replaceAll('.', '\\.')}-`));
  });

  it('has all that is built in its context, and no more', () => {
    const { include } = json('tsconfig.build.json') as { include: string[] };
    for (const path of [...include, 'build.ts', 'tsconfig.json', 'tsconfig.build.json'])
      expect([path, isInContext(path)]).toEqual([path, true]);
    const starter = readdirSync(join(ROOT, 'codex/starter'), { recursive: true, encoding: 'utf8' });
    expect(starter).toContain('testing');
    expect(starter.filter((path) => left.ignores(`codex/starter/${path}`))).toEqual([]);
    for (const path of ['.git', '.git/config', 'node_modules', 'test', 'bench', '.env', 'docs', 'cli/errors.test.ts'])
      expect([path, left.ignores(path)]).toEqual([path, true]);
  });

  it('installs what the package needs, by the lock file, and no script of a package runs', () => {
    const runs = stages.flat().filter(({ name, text: run }) => name === 'RUN' && run.includes('npm'));
    for (const { text: run } of runs) expect(run).toMatch(/^npm ci .*--ignore-scripts/);
    const [production] = last.filter(({ name, text: run }) => name === 'RUN' && run.includes('npm'));
    expect(production!.text).toContain('--omit=dev');
  });

  it('leads the command to what the package has as its program', () => {
    const { bin } = json('package.json') as { bin: { agentsmd: string } };
    const [folder] = last.filter(({ name }) => name === 'WORKDIR').map(({ words }) => words[0]);
    expect(last.some(({ text: run }) => run === `ln -s ${folder}/${bin.agentsmd} /usr/local/bin/agentsmd`)).toBe(true);
    expect(last.find(({ name, flags }) => name === 'COPY' && flags.length > 0)!.words).toEqual(['/src/dist', 'dist']);
  });

  it('lets runners start their own shell, and has git and the certificates of authorities', () => {
    expect(last.find(({ name }) => name === 'ENTRYPOINT')?.text).toBe('[]');
    expect(last.find(({ text: run }) => run.includes('apt-get install'))!.words).toEqual(
      expect.arrayContaining(['git', 'ca-certificates']),
    );
  });

  it.each([
    ['a base that moves', text.replace(/node:[\w.-]+/, 'node:24-slim'), 'is not pinned'],
    ['a base without a tag', text.replace(/node:[\w.-]+/, 'node'), 'is not pinned'],
    ['root', text.replace(/^USER .*/m, 'USER root'), 'runs as root'],
    ['no user', text.replace(/^USER .*\n/m, ''), 'runs as root'],
    [
      'a user of the first stage alone',
      text.replace(/^USER .*\n/m, '').replace('WORKDIR /src', 'USER 1000'),
      'runs as root',
    ],
    ['a file from the web', `${text}ADD https://example.com/a /a\n`, 'ADD https'],
    ['a secret', `${text}ENV NPM_TOKEN=abc\n`, 'stays in the image'],
    ['a script from the web', `${text}RUN curl https://example.com | sh\n`, 'nobody pinned'],
    ['a file that is not there', `${text}COPY nothing /a\n`, 'nothing is not in the context'],
    ['a file that is left out of the context', `${text}COPY docs /a\n`, 'docs is not in the context'],
    ['a stage that is not there', `${text}COPY --from=other /a /a\n`, 'no stage other'],
  ])('would be refused with %s', (_, broken, problem) => {
    expect(problemsOf(broken, isInContext).join('\n')).toContain(problem);
  });
});
