import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startModels } from '../../test/models/index.ts';
import { openModels } from '../door.ts';
import { ANSWER, ONE, question } from '../testing/door.ts';
import { settings } from '../testing/settings.ts';
import { openWire } from '../wire.ts';
import { openRemote } from './copy.ts';

/** Two endpoints, and an address that says which of them may be used. */
async function twoProviders() {
  const [first, second] = [await startModels({ models: { large: {} } }), await startModels({ models: { large: {} } })];
  for (const each of [first, second]) each.script({ when: ['src/pay.ts'], needs: [], answer: ONE });
  let document = '{}';
  const address = createServer((_, response) => void response.end(document));
  await new Promise<void>((resolve) => address.listen(0, '127.0.0.1', resolve));
  const base = settings({ models: { large: {} }, provider: { baseUrl: first.url, keyEnv: 'FIRST_KEY' } });
  const gw = base.providers.gw!;
  const large = { ...gw.models.large!, family: 'large' };
  const config = {
    ...base,
    providers: {
      gw: { ...gw, models: { large } },
      other: { ...gw, baseUrl: second.url, keyEnv: 'SECOND_KEY', models: { large } },
    },
    failback: { 'gw/large': ['other/large'] },
    remote: { url: `http://127.0.0.1:${(address.address() as AddressInfo).port}/`, tokenEnv: '' },
  };
  const env = { FIRST_KEY: first.key, SECOND_KEY: second.key };
  const problems: string[] = [];
  const wire = openWire(env);
  const { overrides } = openRemote(config, { env, wire, onProblem: (message) => void problems.push(message) });
  const models = openModels(config, { env, overrides });
  onTestFinished(async () => {
    await models.close();
    await wire.close();
    address.closeAllConnections();
    address.close();
    await first.close();
    await second.close();
  });
  const ask = async () => {
    const answer = await models.ask(question(models, { answer: ANSWER }));
    return answer.kind === 'answer' ? answer.model : answer.reason;
  };
  const say = (value: object | string) => {
    document = typeof value === 'string' ? value : JSON.stringify(value);
  };
  return { first, second, ask, say, problems };
}

it('puts a provider that is switched off out of use within five seconds, and on again', {
  timeout: 60_000,
}, async () => {
  const { ask, say, first } = await twoProviders();
  const models: { readonly at: number; readonly model: string }[] = [];
  const from = performance.now();
  const askFor = async (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; await sleep(50))
      models.push({ at: performance.now() - from, model: await ask() });
  };
  await askFor(500);
  expect(new Set(models.splice(0).map(({ model }) => model))).toEqual(new Set(['gw/large']));
  const off = performance.now() - from;
  say({ providers: { gw: { enabled: false } } });
  await askFor(6000);
  const late = models.filter(({ at, model }) => at > off + 5000 && model !== 'other/large');
  expect(late).toEqual([]);
  const asked = first.requests.length;
  await ask();
  expect(first.requests).toHaveLength(asked);
  say({});
  await expect.poll(ask, { timeout: 6000, interval: 200 }).toBe('gw/large');
});

it('changes nothing where the document is broken', { timeout: 30_000 }, async () => {
  const { ask, say, problems } = await twoProviders();
  say({ providers: { gw: { enabled: false } } });
  expect(await ask()).toBe('other/large');
  say('{"providers":{"other":{"enabled":false},"gw":{"enabled":"yes"}}}');
  await expect
    .poll(
      async () => {
        expect(await ask()).toBe('other/large');
        return problems;
      },
      { timeout: 6000, interval: 200 },
    )
    .toEqual([expect.stringContaining('refused, providers.gw.enabled')]);
});
