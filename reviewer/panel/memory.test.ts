import { describe, expect, it } from 'vitest';
import type { ModelServer } from '../../test/models/index.ts';
import { builtinAgents } from '../agents/builtin.ts';
import type { Finding } from '../findings/finding.ts';
import type { Review } from '../review.ts';
import { type Memory, memoryFrom, memoryOf } from './memory.ts';
import { runPanel } from './panel.ts';
import { changeOf, engineTo, panelSettings, promptOf, reviewWith, startMinds } from './testing/panel-place.ts';
import { AFTER, BEFORE, FOUND, finding, headingOf, judge, play, SECTIONS } from './testing/shop.ts';

type Files = Readonly<Record<string, string>>;
const [OLD, NEW] = [BEFORE, AFTER].map((files) => files as Files) as [Files, Files];
type Change = Awaited<ReturnType<typeof changeOf>>;

/** Reviews a change, with what an earlier review of it left. */
async function again(server: ModelServer, change: Change, memory: Memory | undefined, rewritten = false) {
  const settings = await panelSettings(async () => engineTo(server), { sections: SECTIONS });
  return await reviewWith(
    server,
    change,
    {},
    {
      panel: async (subject) => await runPanel({ ...subject, past: memory && { memory, rewritten } }, settings),
    },
  );
}

/** By way of the text that it is kept in. */
async function leftBy(review: Review): Promise<Memory> {
  const memory = memoryOf('c0ffee', await builtinAgents(), review.files, review.findings);
  return memoryFrom(JSON.parse(JSON.stringify(memory)))!;
}

const names = (findings: readonly Finding[]) => new Map(findings.map(({ title, fingerprint }) => [title, fingerprint]));
const asked = (server: ModelServer) => server.requests.splice(0).map(promptOf);
/** With so many lines more at the top of a file. */
const below = (files: Files, lines: number): Files => ({
  ...files,
  'src/orders.ts': `${'// Orders\n'.repeat(lines)}${files['src/orders.ts']}`,
});

async function first(lines = 0) {
  const server = await startMinds();
  play(server);
  server.script({ when: [headingOf('performance')], needs: [], answer: { findings: [FOUND.performance] } });
  judge(server, {});
  const review = await again(server, await changeOf(below(OLD, lines), below(NEW, lines)), undefined);
  asked(server);
  return { server, review, memory: await leftBy(review) };
}

describe('a change that was reviewed before', () => {
  it('costs nothing where it is the same on another base, and finds the same, on the lines where it is now', async () => {
    const { server, review, memory } = await first(5);
    const rebased = await again(server, await changeOf(below(OLD, 7), below(NEW, 7)), memory, true);
    expect(asked(server)).toEqual([]);
    expect(rebased.models?.spent.calls).toBe(0);
    expect(names(rebased.findings)).toEqual(names(review.findings));
    const lineOf = (result: Review) => result.findings.find(({ title }) => title === FOUND.performance.title)!.line;
    expect(lineOf(rebased)).toBe(lineOf(review) + 2);
    expect(rebased).toMatchObject({ decision: review.decision, complete: true });
  });

  it('is looked at again where a patch is another one, and only there', async () => {
    const { server, review, memory } = await first();
    const mended = { ...NEW, 'src/orders.ts': NEW['src/orders.ts']!.replace('<=', '<') };
    const result = await again(server, await changeOf(BEFORE, mended), memory);
    const prompts = asked(server);
    expect(prompts.some((prompt) => prompt.includes(headingOf('code-quality')))).toBe(true);
    for (const prompt of prompts.filter((each) => !each.includes(headingOf('coordinator')))) {
      const since = /<agentsmd-data-\w+ name="changed since">\n([^<]*)\n</.exec(prompt)?.[1];
      expect(since).toBe('"src/orders.ts"');
    }
    const { [FOUND['code-quality'].title]: gone, ...rest } = Object.fromEntries(names(review.findings));
    expect(gone).toBeDefined();
    expect(Object.fromEntries(names(result.findings))).toEqual(rest);
  });

  it('keeps the name of a finding that is told in other words, on another line and by its name', async () => {
    const { server, review, memory } = await first();
    const mended = { ...NEW, 'src/orders.ts': `${NEW['src/orders.ts']}export const other = 1;\n` };
    const told = finding({
      ...{ category: 'performance', path: 'src/orders.ts', line: 2, title: 'Many queries' },
      quote: '  const found = [];',
    });
    server.script({
      when: [headingOf('performance')],
      needs: ['One query for each order'],
      answer: { findings: [told] },
    });
    const near = await again(server, await changeOf(BEFORE, mended), memory);
    expect(names(near.findings).get('Many queries')).toBe(names(review.findings).get(FOUND.performance.title));
    const far = { ...told, line: 12, endLine: 12, quote: 'export const other = 1;', title: 'Far away', known: 'P3' };
    server.script({
      when: [headingOf('performance')],
      needs: [/"name":"P3","agent":"performance"/],
      answer: { findings: [far] },
    });
    const named = await again(server, await changeOf(BEFORE, mended), memory);
    expect(names(named.findings).get('Far away')).toBe(names(review.findings).get(FOUND.performance.title));
  });

  it('asks the judge of what nobody speaks of any more although its line stands', async () => {
    const { server, memory } = await first();
    const mended = { ...NEW, 'src/auth/session.ts': `${NEW['src/auth/session.ts']}export const other = 1;\n` };
    server.script({ when: [headingOf('security')], needs: [], answer: { findings: [] } });
    const stays = await again(server, await changeOf(BEFORE, mended), memory);
    expect(stays.findings.map(({ title }) => title)).toContain(FOUND.security.title);
    const proof = { path: 'src/auth/session.ts', line: 6, side: 'new' } as const;
    judge(server, { dropped: [{ of: ['F1', 'F2', 'F3'], why: 'already-prevented', evidence: [proof] }] }, [
      FOUND.security.title,
    ]);
    const dropped = await again(server, await changeOf(BEFORE, mended), memory);
    expect(dropped.findings.map(({ title }) => title)).not.toContain(FOUND.security.title);
  });

  it('is looked at as a whole after a push that wrote history anew, with other prompts, or where nothing is remembered', async () => {
    const { server, memory } = await first();
    const more = { ...AFTER, 'src/total.ts': 'export const total = 1;\n' };
    for (const [past, rewritten] of [
      [memory, true],
      [{ ...memory, agents: 'other prompts' }, false],
      [undefined, false],
    ] as const) {
      await again(server, await changeOf(BEFORE, more), past, rewritten);
      const security = asked(server).find((prompt) => prompt.includes(headingOf('security')))!;
      expect(security).not.toContain('name="changed since"');
    }
  });
});

describe('what is remembered', () => {
  it('is nothing that cannot be read', () => {
    for (const data of [undefined, null, 'x', {}, { head: 'a', agents: 'b', patches: [], findings: [{}] }])
      expect(memoryFrom(data)).toBeUndefined();
  });

  it('holds no secret', async () => {
    const { memory, review } = await first();
    const key = `glpat-${'a1B2c3D4e5'.repeat(2)}`;
    const findings = review.findings.map((each) => ({ ...each, title: key, detail: key, quote: key }));
    const kept = memoryOf('c0ffee', await builtinAgents(), review.files, findings);
    expect(kept.findings).toHaveLength(memory.findings.length);
    expect(JSON.stringify(kept)).not.toContain(key);
  });
});
