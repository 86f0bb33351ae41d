import { describe, expect, it } from 'vitest';
import type { ModelServer } from '../../test/models/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Review, ReviewInput } from '../review.ts';
import { type Memory, memoryFrom, memoryOf } from './memory.ts';
import { runPanel } from './panel.ts';
import { changeOf, engineTo, panelSettings, promptOf, reviewWith, startMinds } from './testing/panel-place.ts';
import { AFTER, BEFORE, FOUND, finding, headingOf, judge, play, SECTIONS } from './testing/shop.ts';

type Files = Readonly<Record<string, string>>;
const [OLD, NEW] = [BEFORE, AFTER].map((files) => files as Files) as [Files, Files];
type Change = Awaited<ReturnType<typeof changeOf>>;

/** Reviews a change, with what an earlier review of it left. */
async function again(server: ModelServer, change: Change, memory: Memory | undefined, rewritten = false) {
  return (await reviewed(server, change, memory, rewritten)).review;
}

async function reviewed(server: ModelServer, change: Change, memory?: Memory, rewritten = false) {
  const settings = await panelSettings(async () => engineTo(server), { sections: SECTIONS });
  let setup = '';
  const panel: ReviewInput['panel'] = async (subject) => {
    const result = await runPanel({ ...subject, past: memory && { memory, rewritten } }, settings);
    setup = result.setup;
    return result;
  };
  const review = await reviewWith(server, change, {}, { panel });
  return { review, memory: leftBy(review, setup) };
}

/** By way of the text that it is kept in. */
function leftBy(review: Review, setup: string): Memory {
  return memoryFrom(JSON.parse(JSON.stringify(memoryOf('c0ffee', setup, review))))!;
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
  const left = await reviewed(server, await changeOf(below(OLD, lines), below(NEW, lines)));
  asked(server);
  return { server, ...left };
}

describe('a change that was reviewed before', () => {
  it('costs nothing where it is the same on another base, and comes to the same', async () => {
    const { server, review, memory } = await first();
    const theirs = { 'theirs.ts': 'export const theirs = 1;\n' };
    const rebased = await again(server, await changeOf({ ...OLD, ...theirs }, NEW), memory, true);
    expect(asked(server)).toEqual([]);
    expect(rebased.models?.spent.calls).toBe(0);
    expect(names(rebased.findings)).toEqual(names(review.findings));
    expect(rebased).toMatchObject({ decision: review.decision, complete: true });
  });

  it('is looked at again in a file that moved on the target: the same lines may be another function there', async () => {
    const { server, review, memory } = await first(5);
    const moved = await again(server, await changeOf(below(OLD, 7), below(NEW, 7)), memory);
    expect(asked(server).length).toBeGreaterThan(0);
    const lineOf = (result: Review) => result.findings.find(({ title }) => title === FOUND.performance.title)!.line;
    expect(lineOf(moved)).toBe(lineOf(review) + 2);
    expect(names(moved.findings)).toEqual(names(review.findings));
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
      [{ ...memory, setup: 'other prompts, rules or tier' }, false],
      [undefined, false],
    ] as const) {
      await again(server, await changeOf(BEFORE, more), past, rewritten);
      const security = asked(server).find((prompt) => prompt.includes(headingOf('security')))!;
      expect(security).not.toContain('name="changed since"');
    }
  });
});

describe('what an earlier review held up', () => {
  const risky = async () => {
    const server = await startMinds();
    play(server, ['performance', 'code-quality']);
    judge(server, { productionRisk: { kind: 'money', findings: ['F1', 'F2'] } });
    const left = await reviewed(server, await changeOf(OLD, NEW));
    expect(left.review).toMatchObject({ decision: 'significant_concerns', productionRisk: { kind: 'money' } });
    server.reset();
    judge(server, {});
    asked(server);
    return { server, ...left };
  };

  it('is held up again where the job is run again, and after a push of something else', async () => {
    const { server, memory } = await risky();
    const same = await again(server, await changeOf(OLD, NEW), memory);
    expect(asked(server)).toEqual([]);
    expect(same).toMatchObject({ decision: 'significant_concerns', productionRisk: { kind: 'money' } });
    const more = await again(server, await changeOf(OLD, { ...NEW, 'src/new.ts': 'export const x = 1;\n' }), memory);
    expect(asked(server).length).toBeGreaterThan(0);
    expect(more).toMatchObject({ decision: 'significant_concerns', productionRisk: { kind: 'money' } });
  });

  it('is known by its line, whatever stands there: a secret as well', async () => {
    const server = await startMinds();
    const line = "export const key = 'glpat-a1B2c3D4e5a1B2c3D4e5';";
    const secret = finding({
      path: 'src/auth/session.ts',
      line: 5,
      quote: line,
      severity: 'critical',
      category: 'security',
    });
    server.script({ when: [headingOf('security')], needs: [], answer: { findings: [secret] } });
    judge(server, {});
    const files = { ...NEW, 'src/auth/session.ts': NEW['src/auth/session.ts']!.replace(/\}\n$/, `${line}\n}\n`) };
    const left = await reviewed(server, await changeOf(OLD, files));
    expect(left.review.decision).toBe('significant_concerns');
    expect(JSON.stringify(left.memory)).not.toContain('glpat-a1B2');
    expect((await again(server, await changeOf(OLD, files), left.memory)).decision).toBe('significant_concerns');
  });

  it('is not lowered by who tells it again, but by a judge with lines', async () => {
    const { server, memory } = await first();
    const files = { ...NEW, 'src/auth/session.ts': `${NEW['src/auth/session.ts']}export const other = 1;\n` };
    const milder = { ...FOUND.security, severity: 'suggestion' as const, known: 'P1' };
    server.script({ when: [headingOf('security')], needs: [], answer: { findings: [milder] } });
    const told = await again(server, await changeOf(OLD, files), memory);
    expect(told.findings.find(({ category }) => category === 'security')!.severity).toBe('critical');
  });

  it('does not swallow what is worse beside it, and passes no dismissal on to it', async () => {
    const { server, review, memory } = await first();
    const files = { ...NEW, 'db/migrations/3.sql': 'select 1;\n' };
    const beside = { path: 'src/orders.ts', line: 4, quote: '  return found;', category: 'performance' } as const;
    const script = (severity: 'critical' | 'warning') =>
      server.script({
        when: [headingOf('performance')],
        needs: [],
        answer: { findings: [finding({ ...beside, severity, title: 'Beside it' })] },
      });
    script('critical');
    const worse = await again(server, await changeOf(OLD, files), memory);
    expect(worse.findings.find(({ title }) => title === 'Beside it')?.severity).toBe('critical');
    const name = names(review.findings).get(FOUND.performance.title)!;
    const settled = {
      ...memory,
      findings: memory.findings.map((one) => ({ ...one, settled: one.fingerprint === name })),
    };
    script('warning');
    const other = await again(server, await changeOf(OLD, files), settled);
    expect(names(other.findings).get('Beside it')).not.toBe(name);
    expect(new Set(other.findings.map(({ fingerprint }) => fingerprint)).size).toBe(other.findings.length);
  });

  it('says nothing of what has no lines', async () => {
    const { review } = await first();
    const link = { ...review.files[0]!, path: 'link', kind: 'symlink', hunks: [] } as const;
    expect(memoryOf('c0ffee', 'x', { ...review, files: [link] }).patches).toEqual([]);
  });
});

describe('what is remembered', () => {
  it('is nothing that cannot be read', () => {
    for (const data of [undefined, null, 'x', {}, { head: 'a', setup: 'b', patches: [], findings: [{}] }])
      expect(memoryFrom(data)).toBeUndefined();
  });

  it('holds no secret', async () => {
    const { memory, review } = await first();
    const key = `glpat-${'a1B2c3D4e5'.repeat(2)}`;
    const findings = review.findings.map((each) => ({ ...each, title: key, detail: key, quote: key }));
    const kept = memoryOf('c0ffee', 'x', { ...review, findings });
    expect(kept.findings).toHaveLength(memory.findings.length);
    expect(JSON.stringify(kept)).not.toContain(key);
  });
});
