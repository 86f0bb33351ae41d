import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { openTools } from '../tools/index.ts';
import { TOOL_NAMES } from './agent.ts';
import { compileAgents, readCompiled, writeCompiled } from './compile.ts';
import { agentFile, compiledOf, compileFiles, folderOf, markdown, problemsOf } from './testing/folder.ts';

const BUILT_IN = {
  'agents/base.md': '---\nkind: base\n---\nYou review.\n',
  'agents/security.md': agentFile({ 'trivial-tier': 'light', tools: ['read', 'grep'] }, 'Find holes.'),
  'agents/docs.md': agentFile({ tier: 'light', files: ['**/*.md'] }, 'Read.'),
  'commands/review.md': markdown({ description: 'Reviews.', agent: 'security' }, 'Review $ARGUMENTS.'),
};

/** Other files over the built-in ones. */
async function over(files: Readonly<Record<string, string>>) {
  return compileFiles(files, { layer: 'organisation', over: await compiledOf(compileFiles(BUILT_IN)) });
}

describe('an agent', () => {
  it('is complete, with every default filled in and where each part is from', async () => {
    const { schema, base, agents, commands } = await compiledOf(compileFiles(BUILT_IN));
    expect({ schema, base }).toEqual({
      schema: 'agentsmd/agents/1',
      base: { prompt: 'You review.', from: ['built-in/agents/base.md'] },
    });
    const file = ['built-in/agents/docs.md'];
    expect(agents[0]).toEqual({
      name: 'docs',
      description: 'Looks.',
      tier: 'light',
      trivialTier: null,
      tools: TOOL_NAMES,
      files: ['**/*.md'],
      answer: 'findings',
      prompt: 'Read.',
      from: { answer: file, description: file, files: file, prompt: file, tier: file },
    });
    expect(agents[1]).toMatchObject({ name: 'security', trivialTier: 'light', tools: ['read', 'grep'], files: ['**'] });
    expect(commands).toMatchObject([
      { name: 'review', agent: 'security', subtask: null, template: 'Review $ARGUMENTS.' },
    ]);
  });

  it('has the tools that there are, by their names', async () => {
    const repository = await makeRepository({ files: { a: 'a' } });
    const tools = await openTools({ root: repository.dir });
    expect(tools.map(({ name }) => name).toSorted()).toEqual(TOOL_NAMES.toSorted());
    await repository.cleanup();
  });

  it.each([
    ['all', TOOL_NAMES],
    ['none', []],
    [
      ['grep', 'list', 'grep'],
      ['list', 'grep'],
    ],
  ])('has its tools in one order, however they are written: %j', async (tools, expected) => {
    const { agents } = await compiledOf(compileFiles({ 'agents/a.md': agentFile({ tools }) }));
    expect(agents[0]?.tools).toEqual(expected);
  });

  it('is called as its file, unless it says otherwise', async () => {
    const files = { 'agents/a.md': agentFile({ name: 'other' }), 'agents/b.md': agentFile() };
    expect((await compiledOf(compileFiles(files))).agents.map(({ name }) => name)).toEqual(['b', 'other']);
  });

  it.each([
    [{ descripton: 'x' }, ':5 descripton: unknown setting; did you mean "description"?'],
    [{ trivial_tier: 'top' }, ':5 trivial_tier: unknown setting; did you mean "trivial-tier"?'],
    [{ kind: 'base' }, ':5 kind: unknown setting'],
    [{ __proto__x: 1 }, ':5 __proto__x: unknown setting'],
    [{ tier: 'best' }, ':3 tier: expected one of "top"|"standard"|"light"'],
    [{ tier: undefined }, ':1 tier: is missing'],
    [{ answer: undefined }, ':1 answer: is missing'],
    [{ answer: 'finding' }, ':4 answer: unknown schema "finding"; did you mean "findings"?'],
    [{ answer: 'essay' }, ':4 answer: unknown schema "essay"; known: findings, judgement'],
    [{ description: 'two\nlines' }, ':2 description: must be one line of text'],
    [{ description: 'x'.repeat(1025) }, ':2 description: is too long: 1024 characters are the most'],
    [{ name: 'Big' }, ':5 name: must be small letters, digits and hyphens, a letter first'],
    [{ name: 'x'.repeat(65) }, ':5 name: is too long: 64 characters are the most'],
    [{ name: 'base' }, ':5 name: "base" is what all agents share, in agents/base.md'],
    [{ tools: ['read', 'bash'] }, ':5 tools.1: expected one of '],
    [{ tools: [] }, ':5 tools: must not be empty; "none" says that there are none'],
    [{ files: ['/etc/**'] }, ':5 files.0: must be a glob from the top of the repository'],
    [{ files: ['src/../../x'] }, ':5 files.0: must be a glob from the top of the repository'],
    [{ files: [] }, ':5 files: must not be empty; leave it out for all files'],
    [{ disable: 'yes' }, ':5 disable: expected boolean'],
  ])('with %j is refused, with the line', async (keys, problem) => {
    const problems = await problemsOf(compileFiles({ 'agents/a.md': agentFile(keys) }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`agents/a.md${problem}`);
  });

  it('without a text is refused', async () => {
    expect(await problemsOf(compileFiles({ 'agents/a.md': agentFile({}, '') }))).toEqual([
      'agents/a.md:7 there is no text below the front matter: the prompt is missing',
    ]);
  });
});

describe('a command', () => {
  it.each([
    [{ tier: 'top' }, ':3 tier: unknown setting'],
    [{ subtaks: true }, ':3 subtaks: unknown setting; did you mean "subtask"?'],
    [{ description: undefined }, ': description: is missing'],
  ])('with %j is refused', async (keys, problem) => {
    const file = markdown({ description: 'x', ...keys, append: false }, 'Do it.');
    const [told = '', ...more] = await problemsOf(compileFiles({ 'commands/c.md': file }));
    expect(more).toEqual([]);
    expect(told.replace(/:1 /, ': ')).toBe(`commands/c.md${problem}`);
  });
});

describe('a file that comes over another', () => {
  it('replaces the keys that it gives, and nothing else', async () => {
    const { agents } = await compiledOf(over({ 'agents/ours.md': markdown({ name: 'security', tier: 'top' }) }));
    expect(agents.find(({ name }) => name === 'security')).toMatchObject({
      tier: 'top',
      trivialTier: 'light',
      tools: ['read', 'grep'],
      prompt: 'Find holes.',
      from: {
        tier: ['organisation/agents/ours.md'],
        tools: ['built-in/agents/security.md'],
        prompt: ['built-in/agents/security.md'],
      },
    });
    expect(agents.map(({ name }) => name)).toEqual(['docs', 'security']);
  });

  it('replaces the text, or adds to it', async () => {
    const text = (append?: boolean) => markdown({ name: 'security', append }, 'Look at signatures.');
    const replaced = await compiledOf(over({ 'agents/security.md': text() }));
    expect(replaced.agents[1]).toMatchObject({
      prompt: 'Look at signatures.',
      from: { prompt: ['organisation/agents/security.md'] },
    });
    const added = await compiledOf(over({ 'agents/security.md': text(true) }));
    expect(added.agents[1]).toMatchObject({
      prompt: 'Find holes.\n\nLook at signatures.',
      from: { prompt: ['built-in/agents/security.md', 'organisation/agents/security.md'] },
    });
    expect(added.agents[1]).not.toHaveProperty('append');
  });

  it('does both to what all agents are told', async () => {
    const { base } = await compiledOf(over({ 'agents/base.md': 'Speak plainly.\n' }));
    expect(base).toEqual({ prompt: 'Speak plainly.', from: ['organisation/agents/base.md'] });
    const added = await compiledOf(over({ 'agents/base.md': '---\nappend: true\n---\nSpeak plainly.\n' }));
    expect(added.base).toEqual({
      prompt: 'You review.\n\nSpeak plainly.',
      from: ['built-in/agents/base.md', 'organisation/agents/base.md'],
    });
  });

  it('leaves no command to an agent that is taken away', async () => {
    const gone = { 'agents/security.md': markdown({ disable: true }) };
    const message = 'agent: the command "review" is done by the agent "security", which is taken away';
    expect(await problemsOf(over(gone))).toEqual([`agents/security.md:2 ${message}`]);
    const again = { ...gone, 'commands/review.md': markdown({ agent: 'security' }) };
    expect(await problemsOf(over(again))).toEqual([`commands/review.md:2 ${message}`]);
    const other = await compiledOf(over({ ...gone, 'commands/review.md': markdown({ agent: 'docs' }) }));
    expect(other.commands).toMatchObject([{ name: 'review', agent: 'docs' }]);
  });

  it.each([
    'agents/security.MD',
    'agents/security.markdown',
    'commands/review.mdx',
  ])('does not pass over %s in silence', async (file) => {
    expect(await problemsOf(over({ 'agents/docs.md': markdown({ tier: 'top' }), [file]: 'x' }))).toEqual([
      `${file}: is not read: only agents/*.md and commands/*.md are`,
    ]);
  });

  it('adds what is new, and takes away what it disables', async () => {
    const files = {
      'agents/docs.md': markdown({ disable: true }),
      'agents/money.md': agentFile(),
      'commands/review.md': markdown({ disable: true }),
    };
    const { agents, commands } = await compiledOf(over(files));
    expect(agents.map(({ name }) => name)).toEqual(['money', 'security']);
    expect(commands).toEqual([]);
  });

  it('leaves the one below as it was', async () => {
    const below = await compiledOf(compileFiles(BUILT_IN));
    const before = writeCompiled(below);
    const files = { 'agents/security.md': markdown({ tier: 'top', append: true }, 'More.') };
    await compiledOf(compileFiles(files, { layer: 'organisation', over: below }));
    expect(writeCompiled(below)).toBe(before);
  });

  it.each([
    [markdown({ disable: true }), ':2 disable: there is no "securty" to take away; did you mean "security"?'],
    [agentFile({ append: true }), ':5 append: there is no "securty" to add to; did you mean "security"?'],
  ])('and means one that there is not is refused', async (text, problem) => {
    expect(await problemsOf(over({ 'agents/securty.md': text }))).toEqual([`agents/securty.md${problem}`]);
  });

  it('has a text where it adds one', async () => {
    expect(await problemsOf(over({ 'agents/docs.md': markdown({ append: true }) }))).toEqual([
      'agents/docs.md:2 append: there is no text to add',
    ]);
  });
});

describe('the document', () => {
  it('has the same bytes for the same files, wherever they lie, and can be read again', async () => {
    const folder = folderOf(BUILT_IN);
    const compile = async (at: string) =>
      writeCompiled(await compiledOf(compileAgents({ folder: at, layer: 'built-in', answers: ['findings'] })));
    const first = await compile(folder);
    const moved = join(folderOf({}), 'elsewhere');
    renameSync(folder, moved);
    expect(await compile(moved)).toBe(first);
    expect(first).not.toContain(folder);
    expect(writeCompiled(readCompiled(first, ['findings']))).toBe(first);
  });

  it.each([
    ['{', 'not JSON'],
    [(text: string) => text.replace('agents/1', 'agents/2'), 'schema: '],
    [(text: string) => text.replace('"tier": "light"', '"tier": "best"'), 'agents.0.tier: '],
    [(text: string) => text.replace('"trivialTier"', '"trivialtier"'), 'agents.0.trivialtier: unknown setting'],
    [(text: string) => text.replace('"name": "docs"', '"name": "security"'), '"security" comes twice'],
    [(text: string) => text.replace('"name": "docs"', '"name": "zebra"'), 'out of order'],
    [(text: string) => text.replace('"answer": "findings"', '"answer": "essay"'), 'unknown schema "essay"'],
    [(text: string) => text.replace('"prompt": "Read."', '"prompt": ""'), 'agents.0.prompt: '],
  ])('that is damaged is not taken', async (damage, message) => {
    const text = writeCompiled(await compiledOf(compileFiles(BUILT_IN)));
    const damaged = typeof damage === 'string' ? damage : damage(text);
    expect(damaged).not.toBe(text);
    expect(() => readCompiled(damaged, ['findings'])).toThrow(message);
  });
});
