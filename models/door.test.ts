import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openModels } from './door.ts';
import { ANSWER, ONE, openDoor, PROMPT, question, recording } from './testing/door.ts';

it('asks by schema also for texts of limited length, which strict modes refuse', async () => {
  const { models, bodies } = await openDoor();
  const schema = z.object({ findings: z.array(z.object({ path: z.string().max(200), line: z.int() })) });
  const answer = await models.ask(question(models, { answer: { name: 'findings', schema } }));
  expect(answer).toMatchObject({ kind: 'answer', value: ONE, calls: 1 });
  expect(bodies()[0]?.response_format?.json_schema.strict).toBe(false);
});

describe('the door', () => {
  it('answers with what was asked for, and what it took', async () => {
    const { models, server, reports, bodies } = await openDoor();
    const account = models.account();
    const transcript = recording();
    const answer = await models.ask(question(models, { answer: ANSWER, account, transcript }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, model: 'gw/large', calls: 1 });
    const usage = server.requests[0]?.usage;
    expect(answer.usage).toMatchObject({ inputTokens: usage?.prompt_tokens, estimated: false });
    expect(answer.cost).toBeCloseTo(((usage?.prompt_tokens ?? 0) + 4 * (usage?.completion_tokens ?? 0)) / 1e6, 9);
    expect(account.spent()).toMatchObject({ usage: answer.usage, cost: answer.cost, calls: 1 });
    expect(transcript.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['call', 'text', 'step', 'end']));
    expect(transcript.events.at(-1)).toMatchObject({ type: 'end', outcome: 'answer', agent: 'quality' });
    expect(reports.map(({ type }) => type)).toEqual(['call', 'question']);
    expect(bodies()[0]).toMatchObject({ store: false, response_format: { type: 'json_schema' } });
    expect(bodies()[0]).not.toHaveProperty('user');
    expect(bodies()[0]).not.toHaveProperty('metadata');
  });

  it('lays a prompt out from what never changes to what is its own', async () => {
    const { models, bodies } = await openDoor();
    await models.ask(question(models));
    await models.ask(question(models, { agent: 'security', prompt: { ...PROMPT, own: 'Find holes.' } }));
    const [first, second] = bodies().map(({ messages }) => messages);
    expect(first?.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(first?.[0]).toEqual(second?.[0]);
    expect(first?.[1]?.content).toBe(`${PROMPT.shared}\n\n${PROMPT.own}`);
    expect(second?.[1]?.content).toBe(`${PROMPT.shared}\n\nFind holes.`);
  });

  it('gives text where no form is asked for', async () => {
    const { models, server } = await openDoor();
    server.play({ kind: 'saying', answer: 'Fine words.' });
    expect(await models.ask(question<string>(models))).toMatchObject({ kind: 'answer', value: 'Fine words.' });
  });

  it('is closed with `none`, and says so', async () => {
    const models = openModels('none', { env: {} });
    const answer = await models.ask(question(models));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'none', calls: 0 });
    await models.close();
  });

  it('sends nothing without the key, and names the variable', async () => {
    const { models, server } = await openDoor({ deps: { env: {} } });
    const answer = await models.ask(question(models));
    expect(answer).toMatchObject({ reason: 'authentication', message: expect.stringContaining('GW_KEY') });
    expect(server.requests).toEqual([]);
  });

  it('calls off what is under way when it is closed', async () => {
    const { models, server } = await openDoor();
    server.play({ kind: 'hang' });
    const asking = models.ask(question(models));
    await expect.poll(() => server.requests.length).toBe(1);
    await models.close();
    expect(await asking).toMatchObject({ reason: 'aborted' });
  });
});

describe('who may see what', () => {
  const data = { rules: [{ class: 'restricted', groups: ['bank'], tags: [] }], otherwise: 'internal' };

  it('is settled before a prompt is built', async () => {
    const { models, server } = await openDoor({ data });
    let built = false;
    const prompt = () => {
      built = true;
      return PROMPT;
    };
    const about = { project: 'bank/core', tags: [] };
    const answer = await models.ask(question(models, { about, prompt }));
    expect(answer).toMatchObject({ reason: 'not-allowed', message: expect.stringContaining('"restricted"') });
    expect(built).toBe(false);
    expect(server.requests).toEqual([]);
    await models.ask(question(models, { prompt }));
    expect(built).toBe(true);
  });

  it('is allowed by the provider that lists it', async () => {
    const { models } = await openDoor({ data, provider: { classes: ['restricted'] } });
    const answer = await models.ask(question(models, { about: { project: 'bank/core', tags: [] }, answer: ANSWER }));
    expect(answer.kind).toBe('answer');
    expect(await models.ask(question(models))).toMatchObject({ reason: 'not-allowed' });
  });

  it('knows users, projects and agents as hashes only, and does without where they are not taken', async () => {
    const given = { attributionKeyEnv: 'HASH_KEY', failback: {} };
    const about = { project: 'shop/web', tags: [], user: 'lovelace' };
    const { models, server, bodies } = await openDoor(given);
    const keyless = await models.ask(question(models, { about }));
    expect(keyless.kind).toBe('answer');
    expect(bodies()[0]).not.toHaveProperty('metadata');

    const hashed = await openDoor({ ...given, deps: { env: { GW_KEY: server.key, HASH_KEY: 'k' } } });
    await hashed.models.ask(question(hashed.models, { about }));
    expect(hashed.bodies()[0]?.user).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(hashed.server.requests)).not.toMatch(/lovelace|shop\/web/);
  });

  it('keeps `store: false` where an endpoint does not know it: that was promised', async () => {
    const { models, bodies } = await openDoor({ server: { refuses: ['store'] } });
    expect(await models.ask(question(models))).toMatchObject({ reason: 'configuration' });
    expect(bodies().map(({ store }) => store)).toEqual([false]);
    const free = await openDoor({ server: { refuses: ['store'] }, provider: { zeroRetention: false } });
    expect((await free.models.ask(question(free.models))).kind).toBe('answer');
  });
});

describe('structured answers', () => {
  it('are asked for by a tool where schemas are not known, which is learned once', async () => {
    const { models, bodies } = await openDoor({
      server: { models: { large: { jsonSchema: 'none' }, small: {} } },
    });
    for (let at = 0; at < 2; at += 1)
      expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ value: ONE, model: 'gw/large' });
    expect(bodies().map((body) => ('response_format' in body ? 'schema' : 'tool'))).toEqual(['schema', 'tool', 'tool']);
    expect(bodies()[1]?.tool_choice).toMatchObject({ function: { name: 'findings' } });
  });

  it('are asked for in words at last', async () => {
    const { models, bodies } = await openDoor({
      server: { models: { large: { jsonSchema: 'none', tools: false, character: { kind: 'chatty' } }, small: {} } },
    });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ value: ONE, calls: 3 });
    expect(bodies().at(-1)?.messages.at(-1)?.content).toContain('"findings"');
    expect(bodies().at(-1)).not.toHaveProperty('tools');
  });

  it.each([
    'garbage',
    'half-json',
    'wrong-schema',
  ] as const)('of %s are repaired once, told what was wrong', async (kind) => {
    const { models, server, bodies } = await openDoor({ models: { large: { structured: 'text' }, small: {} } });
    server.fail({ kind });
    const answer = await models.ask(question(models, { answer: ANSWER }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, calls: 2 });
    expect(bodies()[1]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(bodies()[1]?.messages.at(-1)?.content).toContain('cannot be used');
  });

  it.each(['garbage', 'half-json', 'wrong-schema'] as const)('of %s again are none', async (kind) => {
    const { models, server, asked } = await openDoor({ models: { large: { structured: 'text' }, small: {} } });
    server.play({ kind });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ reason: 'unparsable', calls: 2 });
    expect(asked()).toEqual(['large', 'large']);
  });
});
