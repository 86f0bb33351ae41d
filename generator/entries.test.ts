import { describe, expect, it } from 'vitest';
import type { CoChange } from '../facts/history/co-change.ts';
import { memoryRepository } from '../forge/memory.ts';
import { type Entries, withEntries } from './entries.ts';

const NAMES = ['add-user', 'drop-user', 'list-users', 'merge-users'];

const rule = (when: string, also: string): CoChange => ({
  on: 'new',
  when,
  also,
  support: 9,
  confidence: 1,
  recent: 1,
  lift: 50,
  named: 1,
  evidence: [],
  commits: [],
});

async function read(also: string, text: string, when = 'jobs/*.ts'): Promise<Entries> {
  const files = Object.fromEntries(NAMES.map((name) => [`jobs/${name}.ts`, 'export {};\n']));
  const reader = memoryRepository({ ...files, 'jobs/deep/x.ts': '', [also]: text });
  return (await withEntries([rule(when, also)], reader))[0]!;
}

const lines = (line: (name: string, pascal: string, at: number) => string): string =>
  NAMES.map((name, at) =>
    line(
      name,
      name.replace(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase()),
      at,
    ),
  ).join('\n');

describe('withEntries', () => {
  it('finds the files and folders of a pattern', async () => {
    expect((await read('x.ts', '')).members).toEqual(NAMES.map((name) => `jobs/${name}.ts`));
    expect((await read('x.ts', '', 'jobs/*/')).members).toEqual(['jobs/deep']);
  });

  it.each([
    ['elements that are alike', lines((_, pascal, at) => `  { job: ${pascal}, weight: ${at} },`)],
    ['elements with other names', lines((_, pascal, at) => `  ${pascal}: other${at},`)],
    ['a register', lines((_, pascal, at) => `registry.register(new ${pascal}(${'x'.repeat(at)}));`)],
    ['routes', lines((_, pascal, at) => `  ${at % 2 ? 'get' : 'post'} "/${at}", ${pascal}, :a${at}`)],
    ['cases', lines((name, _, at) => `    case '${name}': return run${at}(${at ? 'a' : ''});`)],
    ['exports', lines((name) => `export * from './jobs/${name}.ts';`)],
    ['one line', `include ${NAMES.join(', ')}`],
    ['little but imports', lines((name, _, at) => `import { J${at} } from './jobs/${name}.ts';`)],
  ])('takes %s for a list', async (_, text) => {
    expect((await read('x.ts', text)).listed).toBe(1);
  });

  it.each([
    ['calls here and there', lines((_, pascal, at) => `  const v${at} = ${'if (x) '.repeat(at)}${pascal}.run(${at});`)],
    [
      'imports of what it uses',
      `${lines((name, _, at) => `import { J${at} } from './jobs/${name}.ts';`)}\n${"import { y } from 'y';\n".repeat(20)}`,
    ],
    ['nothing at all', 'x'],
  ])('does not take %s for one', async (_, text) => {
    expect((await read('x.ts', text)).listed).toBe(0);
  });

  it('tells the rows of a document from its sentences, and from what a tool wrote into it', async () => {
    expect(
      (
        await read(
          'README.md',
          lines((name) => `- \`${name}\` does this.`),
        )
      ).rows,
    ).toBe(1);
    expect(
      (
        await read(
          'README.md',
          lines((name) => `| ${name} | this |`),
        )
      ).rows,
    ).toBe(1);
    expect(
      (
        await read(
          'README.md',
          lines((name, _, at) => `${'So'.repeat(at + 1)} you run ${name}.`),
        )
      ).rows,
    ).toBe(0);
    expect(
      (await read('README.md', `<!-- BEGIN_DOCS -->\n${lines((name) => `| ${name} | this |`)}\n<!-- END_DOCS -->`))
        .rows,
    ).toBe(0);
  });

  it('survives a list that cannot be read, and lines without end', async () => {
    const reader = memoryRepository({ 'jobs/add-user.ts': '' });
    expect(await withEntries([rule('jobs/*.ts', 'gone.ts')], reader)).toMatchObject([{ listed: 0, rows: 0 }]);
    expect((await read('x.ts', `${'a-'.repeat(50_000)} ${NAMES.join(' ')}`)).listed).toBe(0);
  });
});
