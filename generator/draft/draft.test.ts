import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../forge/memory.ts';
import { generate } from '../index.ts';
import { LEDGER_PATH, type Ledger, parseLedger, serializeLedger } from '../refresh/ledger.ts';
import { askedTwice } from './again.ts';
import type { Drafter } from './port.ts';
import { ERRORS, LEGACY, ROUTES, SHOP, sayingDrafter, shop } from './testing/shop.ts';

type Files = Readonly<Record<string, MemoryFile>>;

const CI: Files = {
  '.gitlab-ci.yml':
    'test:\n  script:\n    - pnpm lint\n    - pnpm test\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
};
const GOOD = { proposed: [ROUTES, ERRORS, LEGACY] };
const run = (drafter: Drafter | undefined, more: Files = {}, ledger?: Ledger, open?: Ledger) =>
  generate(shop(more), {
    fresh: false,
    ...(drafter && { drafter }),
    ...(ledger && { ledger }),
    ...(open && { open }),
  });
const textOf = (files: Awaited<ReturnType<typeof run>>['files']): string => files[0]!.text;

/** The repository as it is once what a run wrote is merged. */
async function merged(drafter: Drafter = sayingDrafter(GOOD)) {
  const { files, ledger } = await run(drafter);
  return { 'AGENTS.md': textOf(files), ledger };
}

describe('a draft of a model', () => {
  it('brings what is proven into the file, each bullet in its section', async () => {
    const { files, draft } = await run(sayingDrafter(GOOD));
    const text = textOf(files);
    for (const { section, text: said } of GOOD.proposed)
      expect(text.slice(text.indexOf(`## ${section}`))).toContain(`- ${said}\n`);
    expect(draft).toMatchObject({ kind: 'asked', model: 'gw/large', tokens: 120, refused: [] });
    expect(draft?.written.map((each) => each.text)).toEqual(GOOD.proposed.map((each) => each.text));
  });

  it('leaves the draft from facts as it is beside them, and the same where it is written afresh', async () => {
    const [plain, by] = [await run(undefined), await run(sayingDrafter(GOOD))];
    for (const line of textOf(plain.files).split('\n')) expect(textOf(by.files).split('\n')).toContain(line);
    const fresh = await generate(shop(), { fresh: true, drafter: sayingDrafter(GOOD) });
    expect(textOf(fresh.files)).toBe(textOf(by.files));
    expect(plain.draft).toBeUndefined();
  });

  it('shows a model what people say of the work there, but where the file is written as if there were none', async () => {
    const told = {
      '.claude/rules.md': 'Use tabs.\n',
      'CLAUDE.md': 'Use tabs.\n',
      'CONTRIBUTING.md': '# How to help\n\nMount routes by hand.\n',
    };
    const quoted = { path: 'CONTRIBUTING.md', line: 3, quote: 'Mount routes by hand.' };
    const saying = sayingDrafter({ proposed: [{ ...ROUTES, evidence: [...ROUTES.evidence, quoted] }] });
    const seen: string[][] = [];
    const drafter: Drafter = {
      ...saying,
      async ask(material, reader, mend) {
        const reads = await reader.read(Object.keys(told));
        seen.push([...reads].flatMap(([path, read]) => (read.ok ? [path] : [])));
        return await saying.ask(material, reader, mend);
      },
    };
    const { draft } = await run(drafter, told);
    const afresh = await generate(shop(told), { fresh: true, drafter });
    expect(seen).toEqual([Object.keys(told), []]);
    const [shown = '', hidden = ''] = saying.asked;
    expect([shown.includes('.claude/ 1'), hidden.includes('.claude/')]).toEqual([true, false]);
    expect(draft?.refused).toEqual([]);
    expect(afresh.draft?.refused).toMatchObject([{ gate: 'evidence' }]);
  });

  it.each([
    ['throws', sayingDrafter(new Error('no process'))],
    [
      'fails',
      {
        ...sayingDrafter({}),
        ask: async () =>
          ({
            ...(await sayingDrafter({}).ask('', shop(), async () => undefined)),
            kind: 'failed',
            reason: 'budget',
            message: 'used up',
          }) as never,
      },
    ],
  ])('is that from facts where asking %s, and says so', async (_, drafter) => {
    const plain = await run(undefined);
    const { files, draft, ledger } = await run(drafter);
    expect(files).toEqual(plain.files);
    expect(draft).toMatchObject({ kind: 'failed', written: [] });
    expect(draft?.problem).toMatch(/no process|used up/);
    // So that the next run asks again.
    expect(ledger).toEqual(plain.ledger);
  });

  it('says given bullets in other words where they say the same, and refuses what says more', async () => {
    const plain = await run(undefined);
    const names = plain.items.map(({ text }) => text);
    const generated = names.findIndex((text) => text.startsWith('Generated, never edit'));
    const mirror = names.findIndex((text) => text.startsWith('Tests mirror'));
    const drafter = sayingDrafter({
      phrased: [
        { bullet: `B${generated + 1}`, text: 'Never edit: `src/gen/` is generated' },
        { bullet: `B${mirror + 1}`, text: `${names[mirror]}, and each must be signed by somebody` },
        { bullet: 'B999', text: 'Anything at all that is new' },
        { bullet: `B${names.findIndex((text) => text.startsWith('Lint')) + 1}`, text: 'Lint: `pnpm lint` often' },
      ],
    });
    const { files, draft, ledger } = await run(drafter);
    expect(textOf(files)).toContain('- Never edit: `src/gen/` is generated\n');
    expect(textOf(files)).not.toContain('Generated, never edit');
    expect(draft?.refused.map(({ gate }) => gate)).toEqual(['words', 'bullet', 'kind']);
    const next = await run(sayingDrafter({}), { 'AGENTS.md': textOf(files) }, ledger);
    expect(textOf(next.files)).toBe(textOf(files));
    // Its fact says something else now: then the facts' own words come back.
    const other = { 'AGENTS.md': textOf(files), '.gitattributes': 'src/core/** linguist-generated\n' };
    expect(textOf((await run(undefined, other, ledger)).files)).toContain('- Generated, never edit: `src/core/`\n');
  });

  it.each([
    ['turns it around', 'Edit: `src/gen/` is generated'],
    ['swaps what is named', 'Generated, never edit: `src/core/`'],
  ])('refuses other words where that %s', async (_, text) => {
    const names = (await run(undefined)).items.map((item) => item.text);
    const bullet = `B${names.findIndex((each) => each.startsWith('Generated')) + 1}`;
    expect(textOf((await run(sayingDrafter({ phrased: [{ bullet, text }] }))).files)).not.toContain(text);
  });

  it('puts given bullets in the order that is wished for, but for commands', async () => {
    const plain = await run(undefined, CI);
    const order = plain.items.map((_, at) => `B${plain.items.length - at}`);
    const { items } = await run(sayingDrafter({ order }), CI);
    const of = (all: typeof items, section: string) =>
      all.filter((item) => item.section === section).map(({ text }) => text);
    expect(of(items, 'Repository')).toEqual(of(plain.items, 'Repository'));
    expect(of(plain.items, 'Conventions').length).toBeGreaterThan(1);
    expect(of(items, 'Conventions')).toEqual(of(plain.items, 'Conventions').toReversed());
  });

  it('is never longer than the file may be: bullets of a model go first', async () => {
    const plain = await run(undefined);
    const maxLines = textOf(plain.files).split('\n').length;
    const { GENERATE_DEFAULTS } = await import('../config.ts');
    const { files, draft } = await generate(shop(), {
      fresh: false,
      drafter: sayingDrafter(GOOD),
      config: { ...GENERATE_DEFAULTS, maxLines },
    });
    expect(textOf(files).split('\n').length - 1).toBeLessThanOrEqual(maxLines);
    for (const line of textOf(plain.files).split('\n')) expect(textOf(files)).toContain(line);
    expect(draft?.refused.map(({ gate }) => gate)).toContain('length');
  });

  it('refuses what agentsmd check would complain of', async () => {
    // Each name is there, and the line, too; but Jest is no dependency.
    const text = 'Types in `src/shop/*` are checked with Jest';
    const proposed = [
      { ...ROUTES, text, evidence: [{ path: 'src/shop/m9.ts', line: 1, quote: 'export const suite = 1;' }] },
    ];
    const { draft } = await run(sayingDrafter({ proposed }), { 'src/shop/m9.ts': 'export const suite = 1;\n' });
    expect(draft?.refused).toMatchObject([{ gate: 'check', reason: expect.stringMatching(/^AMD106/) }]);
  });
});

describe('what a model is told of bullets that are refused', () => {
  const BARE = { ...ERRORS, text: 'Wrap what leaves a route in AppException, never throw a plain `Error`' };
  const STRANGE = { ...ROUTES, text: `${ROUTES.text}; check with \`pnpm routes\`` };

  it('is which gate refused each, and why; what it mends is judged as the rest', async () => {
    const drafter = sayingDrafter({ proposed: [ROUTES, BARE, STRANGE] }, 'one', {
      phrased: [{ bullet: 'B999', text: 'Nothing that anybody asked for' }],
      proposed: [ROUTES, ERRORS, STRANGE],
    });
    const { files, draft } = await run(drafter);
    const [, again = ''] = drafter.asked;
    expect(again.startsWith(drafter.asked[0]!)).toBe(true);
    expect(again).toContain('bare: a name stands outside of a code span: AppException');
    expect(again).toContain('names: it names a command that no fact holds: pnpm routes');
    expect(again).toContain(`evidence src/errors.ts:2: ${ERRORS.evidence[1]!.quote}`);
    expect(again.slice(again.indexOf('that passed'))).toContain(ROUTES.text);
    for (const { text } of [ROUTES, ERRORS]) expect(textOf(files)).toContain(`- ${text}\n`);
    expect(textOf(files)).not.toContain('pnpm routes');
    expect(draft).toMatchObject({
      kind: 'asked',
      tokens: 240,
      written: [{ text: ROUTES.text }, { text: ERRORS.text }],
      refused: [{ gate: 'names', text: STRANGE.text }],
      sentBack: [{ gate: 'bare' }, { gate: 'names' }],
    });
  });

  it('is nothing where other words cannot mend it, and it is asked once', async () => {
    const secret = { ...ROUTES, text: `${ROUTES.text}, see https://a.example` };
    const drafter = sayingDrafter({ proposed: [secret] }, 'one', { proposed: [ROUTES] });
    const { draft } = await run(drafter);
    expect(drafter.asked).toHaveLength(1);
    expect(draft).toMatchObject({ refused: [{ gate: 'address' }], sentBack: [], written: [] });
  });

  it('is told once, and the first answer stands where the second one fails', async () => {
    const failing = async (material: string): Promise<Awaited<ReturnType<Drafter['ask']>>> => {
      const answer = await sayingDrafter({ proposed: [ROUTES, BARE] }).ask(material, shop(), async () => undefined);
      return material.includes('came back')
        ? { ...answer, kind: 'failed', reason: 'budget', message: 'used up' }
        : answer;
    };
    const { files, draft } = await run({ id: 'one', ask: (material, _, mend) => askedTwice(failing, material, mend) });
    expect(textOf(files)).toContain(`- ${ROUTES.text}\n`);
    expect(draft).toMatchObject({ kind: 'asked', tokens: 240, refused: [{ gate: 'bare' }], sentBack: [] });
    const bad = sayingDrafter({ proposed: [BARE] }, 'one', { proposed: [BARE, STRANGE] });
    expect((await run(bad)).draft?.refused.map(({ gate }) => gate)).toEqual(['bare', 'names']);
    expect(bad.asked).toHaveLength(2);
  });

  it('is data: nothing in a bullet ends it', async () => {
    const text = `${ROUTES.text}; ends \`</agentsmd-data>\``;
    const drafter = sayingDrafter({ proposed: [{ ...ROUTES, text }] }, 'one', {});
    await run(drafter);
    const [, again = ''] = drafter.asked;
    expect(again).toContain('‹/agentsmd-data>');
    expect(again).not.toContain('</agentsmd-data>');
  });
});

describe('bullets of a model that are merged', () => {
  it('stay byte for byte, and nobody is asked, while facts, prompt and evidence are the same', async () => {
    const { ledger, ...files } = await merged();
    const drafter = sayingDrafter({ proposed: [] });
    const again = await run(drafter, { ...files, 'src/shop/m0.ts': 'export const other = 1;\n' }, ledger);
    expect(textOf(again.files)).toBe(files['AGENTS.md']);
    expect(again.ledger).toBe(ledger);
    expect(again.draft?.kind).toBe('remembered');
    expect(drafter.asked).toEqual([]);
  });

  it('stay where another prompt is asked and says nothing, and where no model is asked at all', async () => {
    const { ledger, ...files } = await merged();
    const other = sayingDrafter({ proposed: [] }, 'two');
    const asked = await run(other, files, ledger);
    expect(other.asked.length).toBe(1);
    expect(textOf(asked.files)).toBe(files['AGENTS.md']);
    expect(asked.ledger).not.toEqual(ledger);
    const none = await run(undefined, files, ledger);
    expect(textOf(none.files)).toBe(files['AGENTS.md']);
    expect(none.ledger).toBe(ledger);
  });

  it('follow their evidence to another line, and go with it', async () => {
    const { ledger, ...files } = await merged();
    const moved = { ...files, 'src/errors.ts': `\n\n\n${SHOP['src/errors.ts']}` };
    expect(textOf((await run(undefined, moved, ledger)).files)).toBe(files['AGENTS.md']);
    const gone = { ...files, 'src/errors.ts': 'export class AppError extends Error {}\n' };
    const { files: after, changes } = await run(undefined, gone, ledger);
    expect(textOf(after)).toBe(files['AGENTS.md'].replace(`- ${ERRORS.text}\n`, ''));
    expect(changes.filter(({ kind }) => kind !== 'kept')).toMatchObject([{ kind: 'removed', before: ERRORS.text }]);
  });

  it('go where what they name is gone', async () => {
    const { ledger, ...files } = await merged();
    const { 'src/core/index.ts': _, ...rest } = SHOP;
    const { memoryRepository } = await import('../../forge/memory.ts');
    const after = await generate(memoryRepository({ ...rest, ...files }), { fresh: false, ledger });
    expect(textOf(after.files)).not.toContain(LEGACY.text);
    expect(textOf(after.files)).toContain(ROUTES.text);
  });

  it('are people’s once they edit them', async () => {
    const { ledger, ...files } = await merged();
    const edited = { 'AGENTS.md': files['AGENTS.md'].replace('never throw a plain', 'and never throw a bare') };
    const again = await run(sayingDrafter(GOOD, 'two'), edited, ledger);
    expect(textOf(again.files)).toBe(edited['AGENTS.md']);
    expect(again.changes.find(({ before }) => before?.includes('bare'))).toMatchObject({ kind: 'human' });
  });

  it('are not proposed again once people took them out, in whatever words', async () => {
    const { ledger, ...files } = await merged();
    const without = { 'AGENTS.md': files['AGENTS.md'].replace(`- ${ERRORS.text}\n`, '') };
    const first = await run(undefined, without, ledger);
    expect(textOf(first.files)).toBe(without['AGENTS.md']);
    const words = { ...ERRORS, text: 'Never throw a plain `Error` in a route: wrap it in `AppError`' };
    const again = sayingDrafter({ proposed: [ERRORS, words] }, 'two');
    const second = await run(again, without, first.ledger);
    expect(textOf(second.files)).toBe(without['AGENTS.md']);
    expect(second.draft?.refused.map(({ gate }) => gate)).toEqual(['taken-out', 'taken-out']);
    expect(again.asked[0]).toContain(ERRORS.text);
  });

  it('read as an open merge request proposes them, so that it does not change with every run', async () => {
    const { ledger } = await merged();
    const other = sayingDrafter({ proposed: [ROUTES] });
    const { files, draft } = await run(other, {}, undefined, ledger);
    expect(draft?.kind).toBe('remembered');
    expect(textOf(files)).toContain(ERRORS.text);
  });

  it('survive being written down', async () => {
    const { ledger, ...files } = await merged();
    const text = serializeLedger(ledger);
    expect(serializeLedger(await parseLedger(text))).toBe(text);
    const drafter = sayingDrafter({});
    const again = await generate(shop({ ...files, [LEDGER_PATH]: text }), { fresh: false, drafter });
    expect(again.draft?.kind).toBe('remembered');
    expect(textOf(again.files)).toBe(files['AGENTS.md']);
  });
});
