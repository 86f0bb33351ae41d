import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import { MODELS_EXAMPLE } from './models-example.ts';
import { configTemplate } from './template.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function loaded(yaml: string, env: Record<string, string> = {}) {
  writeFileSync(join(cwd, 'agentsmd.config.yaml'), yaml);
  return await loadConfig({ cwd, env });
}

/** The message of the error that a file's text makes. */
async function complaints(yaml: string, env: Record<string, string> = {}): Promise<string[]> {
  const error = await loaded(yaml, env).then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toMatchObject({ name: 'ConfigError', exitCode: 2 });
  return error.message.split('\n');
}

describe('models, a word or settings', () => {
  const text = `models:
  providers:
    gw:
      baseUrl: https://gw.example/v1
      headers: { x-team: s3cret }
      models: { large: { context: 100000 }, small: { context: 100000 } }
  tiers: { top: gw/large, standard: gw/large, light: gw/small }
  budgets:
    day:
      money: 50
`;
  it('are completed with their defaults, each setting with its line', async () => {
    const { values, settings } = await loaded(text);
    expect(values.models).toMatchObject({ breaker: { cooldown: 120 }, budgets: { day: { tokens: null, money: 50 } } });
    const sources = new Map(settings.map(({ path, source }) => [path.join('.'), source]));
    expect(sources.get('models.budgets.day.money')).toEqual({ kind: 'file', line: 10 });
    expect(sources.get('models.providers.gw.models.small.context')).toEqual({ kind: 'file', line: 6 });
    expect(sources.get('models.breaker.failures')).toEqual({ kind: 'default' });
  });

  it.each(['models: none\n', 'models:\n', 'models:\n  # tiers:\n'])('are none for %j', async (yaml) => {
    expect((await loaded(yaml)).values.models).toBe('none');
  });

  it('are set by variables: all of them, one of them, a limit that is none', async () => {
    const one = await loaded(text, {
      AGENTSMD_MODELS_TIERS_LIGHT: 'gw/large',
      AGENTSMD_MODELS_BUDGETS_DAY_MONEY: 'null',
      AGENTSMD_MODELS_BUDGETS_DAY_TOKENS: '5000',
    });
    expect(one.values.models).toMatchObject({
      tiers: { light: 'gw/large' },
      budgets: { day: { tokens: 5000, money: null } },
    });
    expect(one.settings).toContainEqual({
      path: ['models', 'tiers', 'light'],
      value: 'gw/large',
      source: { kind: 'environment', variable: 'AGENTSMD_MODELS_TIERS_LIGHT' },
    });
    const off = await loaded(text, { AGENTSMD_MODELS: 'none', AGENTSMD_MODELS_TIERS_LIGHT: 'gw/large' });
    expect(off.values.models).toBe('none');
    const json = JSON.stringify(MODELS_EXAMPLE);
    const all = await loaded('', { AGENTSMD_MODELS: json, AGENTSMD_MODELS_ACROSS_FAMILIES: '1' });
    expect(all.values.models).toMatchObject({ tiers: MODELS_EXAMPLE.tiers, acrossFamilies: true });
    const sources = new Map(all.settings.map(({ path, source }) => [path.join('.'), source]));
    expect(sources.get('models.tiers.top')).toEqual({ kind: 'environment', variable: 'AGENTSMD_MODELS' });
    expect(sources.get('models.acrossFamilies')).toMatchObject({ variable: 'AGENTSMD_MODELS_ACROSS_FAMILIES' });
  });

  it.each([
    ['models: some\n', {}, ':1:9: models: expected "none" or settings by name, got "some"'],
    [text.replace('top:', 'tip:'), {}, ':7:12: models.tiers.tip: unknown setting; did you mean "top"?'],
    [text.replace('light: gw/small', 'light: gw/tiny'), {}, 'unknown model "gw/tiny"; known: gw/large, gw/small'],
    [text.replace('money: 50', 'money: lots'), {}, 'expected a number, got "lots"'],
    ['models:\n  tiers: { top: a/b, standard: a/b, light: a/b }\n', {}, ':2:3: models.providers: expected settings'],
    ['models: none\n', { AGENTSMD_MODELS_TIERS_TOP: 'a/b' }, 'AGENTSMD_MODELS_TIERS_TOP: sets nothing: models is none'],
    [text, { AGENTSMD_MODELS_TIERS_TOP: 'a/b' }, 'AGENTSMD_MODELS_TIERS_TOP: unknown model "a/b"'],
    [
      '',
      { AGENTSMD_MODELS: JSON.stringify(MODELS_EXAMPLE), AGENTSMD_MODELS_TIERS_TOP: 'a/b' },
      'AGENTSMD_MODELS_TIERS_TOP: unknown model',
    ],
    [text, { AGENTSMD_MODELS_TIER_TOP: 'a/b' }, 'did you mean AGENTSMD_MODELS_TIERS_TOP?'],
    [text, { AGENTSMD_MODELS: '{"providers":' }, 'AGENTSMD_MODELS: models: begins like JSON and is none'],
  ])('say what is wrong with %j %j', async (yaml, env, message) => {
    const lines = await complaints(yaml, env);
    expect(lines.join('\n')).toContain(message);
    expect(lines.join('\n')).not.toContain('s3cret');
  });

  const withData = (rule: string) => `${text}  data: { rules: [${rule}] }\n`;
  it.each([
    ['a rule that fits no project', withData('{ class: restricted }'), 'models.data.rules[0]: fits no project'],
    ['a pattern', withData('{ class: restricted, groups: ["bank/*"] }'), 'the path of a group or project'],
    ['an address', withData('{ class: restricted, groups: ["https://gitlab.example/bank"] }'), 'the path of a group'],
    ['the top', withData('{ class: restricted, groups: ["/"] }'), 'the path of a group or project'],
    ['a timer that would end at once', `${text}  timeouts: { call: 3000000 }\n`, 'at most 86400'],
    ['a password', text.replace('//gw', '//me:s3cret@gw'), 'baseUrl: must be an address, up to and with /v1, without'],
    ['a query', text.replace('/v1', '/v1?api-version=s3cret'), 'without user, password and query'],
    ['a password', `${text}  telemetry: { url: "http://me:s3cret@otel" }\n`, 'without user and password'],
    ['a password', `${text}  remote: { url: "http://me:s3cret@otel/x?y" }\n`, 'without user and password'],
    [
      'a header of two lines',
      text.replace('{ x-team: s3cret }', '{ x-team: "a\\nb" }'),
      'headers.x-team: must be on one',
    ],
    ['no header', text.replace('x-team:', '"x team":'), 'must be the name of a header'],
  ])('refuse what would silently do nothing, or harm: %s', async (_, yaml, message) => {
    const lines = await complaints(yaml);
    expect(lines.join('\n')).toContain(message);
    expect(lines.join('\n')).not.toContain('s3cret');
  });

  it('take groups with and without slashes around them, and the query of a document', async () => {
    const rule = '{ class: restricted, groups: [/bank/, bank/pay_ments.x-1] }';
    const yaml = `${withData(rule)}  remote: { url: "https://x.example/models.json?v=1" }\n`;
    expect((await loaded(yaml)).values.models).toMatchObject({ data: { rules: [{ class: 'restricted' }] } });
  });

  it.each([
    ['{ x-team: s3cret }', '[s3cret]'],
    ['models: {', 'keyEnv: sk-s3cret\n      models: {'],
  ])('never repeat what may be a secret: %s as %s', async (what, wrong) => {
    expect((await complaints(text.replace(what, wrong))).join()).not.toContain('s3cret');
  });

  it('are shown in no complaint about several of them', async () => {
    const [complaint] = await complaints(text.replace('light: gw/small', 'light: gw/tiny'));
    expect(complaint).toMatch(/: models\.tiers\.light: unknown model "gw\/tiny"; known: gw\/large, gw\/small$/);
  });

  it('have an example that is one', async () => {
    expect((await loaded(JSON.stringify({ models: MODELS_EXAMPLE }))).values.models).toMatchObject(MODELS_EXAMPLE);
    expect(configTemplate({})).toContain('#     providers:');
  });
});
