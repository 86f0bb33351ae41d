import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { generate } from 'selfsigned';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { scriptedServer } from '../../forge/gitlab/http/testing/scripted-server.ts';
import { opened, until } from './testing/opened.ts';
import { question } from './testing/question.ts';

/** Starts processes. */
const LONG = 120_000;

const finding = (title: string) => ({
  severity: 'warning',
  category: 'code-quality',
  path: 'a.txt',
  side: 'new',
  line: 1,
  endLine: 1,
  quote: 'one',
  title,
  detail: 'd',
  evidence: [],
  rules: [],
  replacement: null,
  known: null,
});

describe('an engine', () => {
  it(
    'answers questions side by side, whichever comes first, and adds up what they took',
    async () => {
      const gate = Promise.withResolvers<void>();
      const { engine, server, events } = await opened({
        server: { latency: async ({ prompt }) => (prompt.includes('first') ? gate.promise : undefined) },
      });
      for (const name of ['first', 'second', 'third'])
        server.script({ when: [name], needs: [], answer: { findings: [finding(name)] } });
      const order: string[] = [];
      const ask = async (name: string) => {
        const answer = await engine.ask(question(name));
        order.push(name);
        return answer;
      };
      const first = ask('first');
      const others = await Promise.all([ask('second'), ask('third')]);
      expect(engine.spent().calls).toBe(3);
      gate.resolve();
      const answers = [await first, ...others];
      expect(order.at(-1)).toBe('first');
      expect(answers.map((answer) => answer.kind === 'answer' && answer.value.findings[0]?.title)).toEqual([
        'first',
        'second',
        'third',
      ]);
      const used = server.requests.map(({ usage }) => usage!);
      const sum = (of: (usage: (typeof used)[number]) => number) => used.reduce((all, usage) => all + of(usage), 0);
      expect(engine.spent()).toMatchObject({
        usage: {
          inputTokens: sum((usage) => usage.prompt_tokens),
          outputTokens: sum((usage) => usage.completion_tokens),
          estimated: false,
        },
        cost: answers.reduce((all, { cost }) => all + cost!, 0),
        calls: 3,
      });
      expect([engine.restarts(), events]).toEqual([0, []]);
    },
    LONG,
  );

  it(
    'lets agents look at a commit without a checkout, and at the patches',
    async () => {
      const { server } = await openOnCommit();
      expect(server.requests.at(-1)!.script).toMatchObject({ missing: [] });
    },
    LONG,
  );

  it(
    'calls off what takes too long, and nothing else',
    async () => {
      const { engine, server, pids } = await opened();
      server.play({ kind: 'hang' }, { prompt: 'stall' });
      const slow = engine.ask(question('stall', { deadline: 200 }));
      const none = engine.ask(question('stall', { deadline: 0 }));
      const late = 'no answer within 0.2 s: it was called off';
      expect(await slow).toMatchObject({ kind: 'failed', reason: 'aborted', message: late });
      expect(await none).toMatchObject({ kind: 'failed', reason: 'aborted' });
      expect(await engine.ask(question('other'))).toMatchObject({ kind: 'answer' });
      expect(pids).toHaveLength(1);
    },
    LONG,
  );

  it(
    'tells that a model is thinking, was replaced, went on after a cut, has little room left',
    async () => {
      const gate = Promise.withResolvers<void>();
      const { engine, server, events } = await opened({
        models: { models: { large: { context: 6000 }, small: {} }, breaker: { failures: 1, cooldown: 1000 } },
        server: { latency: async ({ prompt }) => (prompt.includes('slow') ? gate.promise : undefined) },
        deps: { thinking: 20 },
      });
      const slow = engine.ask(question('slow', { agent: 'slow' }));
      await until(() => events.some(({ type }) => type === 'thinking'));
      gate.resolve();
      expect(await slow).toMatchObject({ kind: 'answer' });
      expect(events).toContainEqual({ type: 'thinking', agent: 'slow', seconds: expect.any(Number) });

      server.script({ when: ['cut'], needs: [], answer: { findings: [finding('a title of many words')] } });
      server.play({ kind: 'truncating', after: 10 }, { prompt: 'cut' });
      const cut = await engine.ask(question('cut', { agent: 'cut' }));
      expect(cut).toMatchObject({ kind: 'answer' });
      const told = () => events.filter(({ type }) => type !== 'thinking');
      expect(told()).toEqual([{ type: 'continued', agent: 'cut', model: 'gw/large' }]);

      const long = 'word '.repeat(3500);
      expect(await engine.ask(question(long, { agent: 'long' }))).toMatchObject({ kind: 'answer' });
      const message = expect.stringMatching(/^the prompt fills \d+ % of the context window of gw\/large$/);
      expect(told().slice(1)).toEqual([{ type: 'warning', agent: 'long', message }]);

      server.play({ kind: 'overloaded' }, { model: 'large' });
      expect(await engine.ask(question('x', { agent: 'x' }))).toMatchObject({ kind: 'answer', model: 'gw/small' });
      expect(told().slice(2)).toEqual([{ type: 'failback', agent: 'x', from: 'gw/large', to: 'gw/small' }]);
    },
    LONG,
  );

  it(
    'answers what went wrong',
    async () => {
      const { engine, server } = await opened();
      server.play({ kind: 'overloaded' });
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'failed', reason: 'unavailable' });
      server.reset();
      server.play({ kind: 'garbage' });
      expect(await engine.ask(question('x', { tier: 'light' }))).toMatchObject({ kind: 'failed' });
      await engine.close();
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'failed', reason: 'aborted' });
    },
    LONG,
  );

  it(
    'keeps a transcript beside its configuration, whole even of what is called off at the end',
    async () => {
      const { engine, server, home } = await opened({
        models: { transcript: { dir: 'kept', content: 'full', retentionDays: 1 } },
      });
      server.play({ kind: 'hang' }, { prompt: 'stall' });
      await engine.ask(question('x', { agent: 'first' }));
      const stalled = engine.ask(question('stall', { agent: 'second' }));
      await until(() => server.requests.length === 2);
      await engine.close();
      await stalled;
      const [file] = readdirSync(join(home, 'kept'));
      const lines = readFileSync(join(home, 'kept', file!), 'utf8')
        .trim()
        .split('\n');
      const ends = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'end');
      expect(ends).toMatchObject([
        { agent: 'first', outcome: 'answer' },
        { agent: 'second', outcome: 'aborted' },
      ]);
    },
    LONG,
  );

  it(
    'shares the budget of a day with others, although its process writes none of it down',
    async () => {
      const none = { tokens: null, money: null };
      const models = { budgets: { call: none, review: none, day: { tokens: 500_000, money: null } } };
      const { engine, home, server } = await opened({ models });
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'answer' });
      await engine.close();
      const { prompt_tokens: into, completion_tokens: out } = server.requests[0]!.usage!;
      const file = join(home, 'state/models', `day-${new Date().toISOString().slice(0, 10)}.jsonl`);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ tokens: into + out });

      appendFileSync(file, '{"tokens":500000,"money":0}\n');
      const other = await opened({ models, settings: { state: join(home, 'state') } });
      expect(await other.engine.ask(question('x'))).toMatchObject({ kind: 'failed', reason: 'budget' });
      expect(other.server.requests).toEqual([]);
    },
    LONG,
  );

  it(
    'trusts a certificate that it is told of, from wherever it is named',
    async () => {
      const subject = [{ name: 'commonName', value: '127.0.0.1' }];
      const subjectAltName = { name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] };
      const { private: key, cert } = await generate(subject, { keyType: 'ec', extensions: [subjectAltName] });
      await using secure = await scriptedServer(() => ({ status: 401 }), { key, cert });
      const told = async (env: Record<string, string>) => {
        const models = { provider: { baseUrl: secure.url }, failback: {} };
        const { engine } = await opened({ models, deps: { env: { GW_KEY: 'of-nobody', ...env } } });
        return await engine.ask(question('x'));
      };
      expect(await told({})).toMatchObject({ kind: 'failed', message: expect.stringContaining('CERT') });
      const folder = mkdtempSync(join(tmpdir(), 'agentsmd-certs-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(join(folder, 'our.pem'), cert);
      const file = relative(process.cwd(), join(folder, 'our.pem'));
      expect(await told({ NODE_EXTRA_CA_CERTS: file })).toMatchObject({ kind: 'failed', reason: 'authentication' });
    },
    LONG,
  );

  it(
    'answers none where no model is configured',
    async () => {
      const { engine } = await opened({ settings: { models: 'none' } });
      expect(await engine.ask(question('x'))).toMatchObject({ kind: 'failed', reason: 'none', calls: 0 });
    },
    LONG,
  );

  it(
    'is not opened for what is not there',
    async () => {
      const sees = { repo: '/nowhere', commit: 'x' };
      await expect(opened({ settings: { sees } })).rejects.toMatchObject({
        name: 'EngineError',
        exitCode: 2,
        message: '/nowhere: no such folder; check the path',
      });
      await expect(opened({ settings: { patches: '/nowhere' } })).rejects.toMatchObject({ exitCode: 2 });
    },
    LONG,
  );
});

async function openOnCommit() {
  const repository = await makeRepository({ files: { 'a.txt': 'one\ntwo\n' } }, { bare: true });
  const patches = join(repository.root, 'patches');
  mkdirSync(patches);
  writeFileSync(join(patches, 'index.json'), '{"a.txt":"1.patch"}');
  writeFileSync(join(patches, '1.patch'), '+two\n');
  const all = await opened({
    settings: { sees: { repo: repository.dir, commit: repository.commit }, patches },
  });
  all.server.script({
    when: ['look'],
    needs: [/1\tone\n2\ttwo/, '+two', repository.commit],
    steps: [
      [
        { name: 'read', arguments: { path: 'a.txt' } },
        { name: 'patch', arguments: { path: 'a.txt' } },
        { name: 'git_log', arguments: {} },
      ],
    ],
    answer: { findings: [finding('seen')] },
  });
  const answer = await all.engine.ask(question('look', { tools: ['read', 'patch', 'git_log'] }));
  await repository.cleanup();
  expect(answer).toMatchObject({ kind: 'answer', value: { findings: [{ title: 'seen' }] } });
  return all;
}
