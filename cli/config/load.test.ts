import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configJsonSchema } from './json-schema.ts';
import { loadConfig } from './load.ts';
import { assertOwnConfig, assertOwnServers } from './servers.ts';
import { DEFAULTS } from './slices.ts';
import { configTemplate } from './template.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = join(cwd, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The message of the error that a file's text makes. */
async function complaints(text: string, env: Record<string, string> = {}): Promise<string[]> {
  write('agentsmd.config.yaml', text);
  const error = await loadConfig({ cwd, env }).then(
    () => new Error('no error'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toMatchObject({ name: 'ConfigError', exitCode: 2 });
  return error.message.split('\n');
}

describe('where the configuration is found', () => {
  it('is the nearest file in the current folder or above it', async () => {
    const above = write('agentsmd.config.yaml', 'generate: { maxLines: 20 }');
    mkdirSync(join(cwd, 'a/b'), { recursive: true });
    expect(await loadConfig({ cwd: join(cwd, 'a/b'), env: {} })).toMatchObject({ file: above });
    const nearer = write('a/agentsmd.config.yaml', 'generate: { maxLines: 30 }');
    const loaded = await loadConfig({ cwd: join(cwd, 'a/b'), env: {} });
    expect(loaded).toMatchObject({ file: nearer, values: { generate: { maxLines: 30 } } });
  });

  it('is the one named by --config, else by AGENTSMD_CONFIG', async () => {
    write('agentsmd.config.yaml', '');
    const one = write('one.yaml', '');
    const two = write('two.yaml', '');
    const env = { AGENTSMD_CONFIG: 'two.yaml' };
    expect(await loadConfig({ cwd, env })).toMatchObject({ file: two });
    expect(await loadConfig({ cwd, env, file: 'one.yaml' })).toMatchObject({ file: one });
  });

  it('need not be there, unless it was named', async () => {
    expect((await loadConfig({ cwd, env: {} })).values).toEqual(DEFAULTS);
    await expect(loadConfig({ cwd, env: {}, file: 'nowhere.yaml' })).rejects.toThrow('nowhere.yaml: no such file');
    await expect(loadConfig({ cwd, env: {}, file: '.' })).rejects.toThrow('is a folder');
    const env = { AGENTSMD_CONFIG: 'nowhere.yaml' };
    await expect(loadConfig({ cwd, env })).rejects.toThrow('AGENTSMD_CONFIG: nowhere.yaml: no such file');
    await expect(loadConfig({ cwd, env, file: 'gone.yaml' })).rejects.toThrow(/^gone\.yaml: no such file/);
  });
});

describe('the effective configuration', () => {
  it('is the defaults, then the file, then the environment, and knows which', async () => {
    write('agentsmd.config.yaml', '# ours\ngenerate:\n  maxLines: 40\n  nested: true\nfacts:\n  ignore:\n    - a/\n');
    const env = { AGENTSMD_GENERATE_NESTED: 'false', AGENTSMD_FACTS_LIMITS_FILE_BYTES: '2048' };
    const { values, settings } = await loadConfig({ cwd, env });
    expect(values).toMatchObject({
      facts: { limits: { fileBytes: 2048, totalBytes: DEFAULTS.facts.limits.totalBytes }, ignore: ['a/'] },
      codex: DEFAULTS.codex,
      generate: { ...DEFAULTS.generate, maxLines: 40, nested: false },
      check: DEFAULTS.check,
    });
    const others = settings.filter(({ source }) => source.kind !== 'default');
    expect(Object.fromEntries(others.map(({ path, source }) => [path.join('.'), source]))).toEqual({
      'facts.limits.fileBytes': { kind: 'environment', variable: 'AGENTSMD_FACTS_LIMITS_FILE_BYTES' },
      'facts.ignore': { kind: 'file', line: 6 },
      'generate.maxLines': { kind: 'file', line: 3 },
      'generate.nested': { kind: 'environment', variable: 'AGENTSMD_GENERATE_NESTED' },
    });
    expect(settings.length).toBeGreaterThan(others.length);
  });

  it.each([
    '',
    '# nothing\n',
    'generate:\n  # maxLines: 3\nfacts:\n',
    '\ufeffgenerate: {}\r\n',
  ])('is the defaults for a file that sets nothing: %j', async (text) => {
    write('agentsmd.config.yaml', text);
    expect((await loadConfig({ cwd, env: {} })).values).toEqual(DEFAULTS);
  });

  it('says where a template is that is none', async () => {
    write('agentsmd.config.yaml', 'fleet:\n  notify:\n    template: |\n      { "n": {{sweep}} }\n');
    await expect(loadConfig({ cwd, env: {} })).rejects.toThrow(
      'agentsmd.config.yaml:3:15: fleet.notify.template: no JSON: {{…}} stands for text, so put quotes around it',
    );
  });

  it('follows an alias', async () => {
    write('agentsmd.config.yaml', 'facts:\n  limits: { fileBytes: &n 4096, totalBytes: *n }\n');
    expect((await loadConfig({ cwd, env: {} })).values.facts.limits).toEqual({ fileBytes: 4096, totalBytes: 4096 });
  });
});

describe('a configuration that names servers', () => {
  const text =
    'catalog:\n  from: backstage\n  baseUrl: https://b.example\ngitlab:\n  instances: [{ url: https://g.example }]\n';
  const load = (env: Record<string, string> = {}) => loadConfig({ cwd, env });

  it('counts where it lies outside of any repository, or was named', async () => {
    const file = write('agentsmd.config.yaml', text);
    assertOwnServers(await load());
    mkdirSync(join(cwd, '.git'));
    assertOwnServers(await load({ AGENTSMD_CONFIG: file }));
    assertOwnServers(await loadConfig({ cwd, env: {}, file }));
  });

  it('is refused where it was only found in a repository', async () => {
    write('agentsmd.config.yaml', text);
    mkdirSync(join(cwd, '.git'));
    const loaded = await load();
    expect(() => assertOwnServers(loaded)).toThrow(
      /:5: gitlab\.instances: .*holds for that repository alone.*--config/,
    );
    write('agentsmd.config.yaml', 'fleet:\n  notify:\n    url: https://chat.example/hook\n');
    const tells = await load();
    expect(() => assertOwnServers(tells)).toThrow(/:3: fleet\.notify\.url: /);
    write('agentsmd.config.yaml', 'generate:\n  maxLines: 20\ngitlab:\n  timeout: 5\n');
    assertOwnServers(await load());
  });

  it('decides nothing for other repositories where it was only found in one', async () => {
    write('agentsmd.config.yaml', 'publish:\n  branch: release\n');
    mkdirSync(join(cwd, '.git'));
    mkdirSync(join(cwd, 'below'));
    const loaded = await load();
    expect(() => assertOwnConfig(loaded)).toThrow(/:2: publish\.branch: .*--config/);
    expect(() => assertOwnConfig(loaded, '/')).toThrow();
    expect(() => assertOwnConfig(loaded, cwd)).not.toThrow();
    expect(() => assertOwnConfig(loaded, join(cwd, 'below'))).not.toThrow();
    mkdirSync(join(cwd, 'below/.git'));
    expect(() => assertOwnConfig(loaded, join(cwd, 'below'))).toThrow();
  });

  it.each([
    ['catalog:\n  token: s3cret\n', 'catalog.token'],
    ['catalog:\n  baseUrl: "ftp://u:s3cret@x"\n', 'catalog.baseUrl'],
    ['gitlab:\n  instances:\n    - url: https://g.example\n      glpat-s3cret: x\n', 'glpa'],
  ])('never repeats what may be a secret: %j', async (text, setting) => {
    const [complaint = ''] = await complaints(text);
    expect(complaint).toContain(setting);
    expect(complaint).not.toContain('s3cret');
  });

  it('knows the settings within a list', async () => {
    expect(await complaints('gitlab:\n  instances:\n    - url: https://g.example\n      tokn: { env: X }\n')).toEqual([
      'agentsmd.config.yaml:4:7: gitlab.instances[0].tokn: unknown setting; did you mean "token"?',
    ]);
  });
});

describe('variables of the environment', () => {
  it('may hold settings by name as JSON', async () => {
    const env = { AGENTSMD_PUBLISH_GROUPS: '{"shop":{"enabled":false}}' };
    const { values, settings } = await loadConfig({ cwd, env });
    expect(values.publish.groups).toEqual({ shop: { enabled: false } });
    expect(settings).toContainEqual({
      path: ['publish', 'groups', 'shop', 'enabled'],
      value: false,
      source: { kind: 'environment', variable: 'AGENTSMD_PUBLISH_GROUPS' },
    });
  });

  it('are an error where they set nothing', async () => {
    await expect(loadConfig({ cwd, env: { AGENTSMD_PUBLISH_DRAF: '1' } })).rejects.toThrow(
      'AGENTSMD_PUBLISH_DRAF: sets nothing; did you mean AGENTSMD_PUBLISH_DRAFT?',
    );
    await expect(loadConfig({ cwd, env: { AGENTSMD_LONG: '1', AGENTSMD_PUBLISH_DRAF: '' } })).resolves.toBeDefined();
  });
});

describe('the configuration to begin with', () => {
  it('says nothing but the defaults, whatever of it is left in comments', async () => {
    write('agentsmd.config.yaml', configTemplate({}));
    expect((await load()).values).toEqual(DEFAULTS);
    write('agentsmd.config.yaml', configTemplate({}).replace(/^( *)#(?=\S| {2}- )/gm, '$1'));
    expect((await load()).values).toEqual(DEFAULTS);
    for (const { path } of (await load()).settings) expect(configTemplate({})).toContain(`${path.at(-1)}:`);
  });

  it('sets what was chosen', async () => {
    write('agentsmd.config.yaml', configTemplate({ gitlab: { instances: [{ url: 'https://g.example' }] } }));
    expect((await load()).values).toEqual({
      ...DEFAULTS,
      gitlab: { ...DEFAULTS.gitlab, instances: [{ url: 'https://g.example' }] },
    });
  });

  const load = () => loadConfig({ cwd, env: {} });
});

describe('the errors of a configuration', () => {
  it('are all listed, in the order of the file, with line, column and setting', async () => {
    const text = `generate:
  maxLine: 4
  maxLines: "x"
  nested: yes
  maxBytes: 5
facts:
  limits:
    fileBytes: 2.5
    zzzzzzzzzzz: 1
  ignore: [3, ""]
what: 1
`;
    expect(await complaints(text)).toEqual([
      'agentsmd.config.yaml:2:3: generate.maxLine: unknown setting; did you mean "maxLines"?',
      'agentsmd.config.yaml:3:13: generate.maxLines: expected a number, got "x"',
      'agentsmd.config.yaml:4:11: generate.nested: expected true or false, got "yes"',
      'agentsmd.config.yaml:5:13: generate.maxBytes: must be at least 1024, got 5',
      'agentsmd.config.yaml:8:16: facts.limits.fileBytes: expected a whole number, got 2.5',
      'agentsmd.config.yaml:9:5: facts.limits.zzzzzzzzzzz: unknown setting; known: fileBytes, totalBytes',
      'agentsmd.config.yaml:10:12: facts.ignore[0]: expected a text, got 3',
      'agentsmd.config.yaml:10:15: facts.ignore[1]: must not be empty',
      'agentsmd.config.yaml:11:1: what: unknown setting; known: facts, codex, gitlab, catalog, models, agents, generate, publish, fleet, check, review',
    ]);
  });

  it('tells twenty unknown settings of one place, and how many more there are', async () => {
    const keys = Array.from({ length: 3000 }, (_, at) => `k${at}: ${at}\n`).join('');
    const told = await complaints(`generate:\n  maxLines: 80\n${keys}`);
    expect(told).toHaveLength(21);
    expect(told).toContain('agentsmd.config.yaml:1:1: 2980 more unknown settings');
    expect(told[1]).toMatch(/^agentsmd\.config\.yaml:3:1: k0: unknown setting; known: /);
  });

  it.each([
    ['a: [1\nb: 2', /^agentsmd\.config\.yaml:2:1: not valid YAML: /],
    ['generate: { maxLines: 20, maxLines: 30 }', /:1:27: not valid YAML: Map keys must be unique$/],
    ['a: 1\n---\nb: 2', /:2:1: not valid YAML: more than one document$/],
    ['- 1', /^agentsmd\.config\.yaml:1:1: expected settings by name, got \[1\]$/],
    ['generate: 3', /:1:11: generate: expected settings by name, got 3$/],
    ['generate: &a\n  nested: *a', /its aliases \(\*name\) have no end$/],
    [`a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [${'*b,'.repeat(40)}]`, /its aliases \(\*name\) have no end$/],
    ['__proto__: 1', /:1:1: __proto__: unknown setting/],
  ])('are one line each for %j', async (text, expected) => {
    const lines = await complaints(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(expected);
  });

  it('name the variable where the environment is wrong', async () => {
    expect(await complaints('', { AGENTSMD_GENERATE_MAX_LINES: 'many', AGENTSMD_GENERATE_NESTED: 'si' })).toEqual([
      'AGENTSMD_GENERATE_MAX_LINES: expected a number, got "many"',
      'AGENTSMD_GENERATE_NESTED: expected true or false, got "si"',
    ]);
    expect(await complaints('', { AGENTSMD_FLEET_WINDOWS: '[{"days":["mon"],"from":"8"}]' })).toEqual([
      expect.stringMatching(/^AGENTSMD_FLEET_WINDOWS: fleet\.windows\[0\]\.from: must be a time/),
      'AGENTSMD_FLEET_WINDOWS: fleet.windows[0].to: expected a text, got nothing',
    ]);
    expect(await complaints('', { AGENTSMD_FLEET_WINDOWS: '[{"day":["mon"],"from":"08:00","to":"09:00"}]' })).toEqual([
      expect.stringMatching(/^AGENTSMD_FLEET_WINDOWS: fleet\.windows\[0\]\.day: unknown setting; /),
    ]);
    expect(await complaints('', { AGENTSMD_FLEET_WINDOWS: '[{"days":["mon"],"from":"08:00"' })).toEqual([
      'AGENTSMD_FLEET_WINDOWS: fleet.windows: begins like JSON and is none: look at its quotes and brackets',
    ]);
  });
});

describe('the JSON schema', () => {
  it('describes every setting, with its default, and allows no other', () => {
    const schema = configJsonSchema();
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        generate: { properties: { maxLines: { type: 'integer', default: 60, description: expect.any(String) } } },
      },
    });
    expect(schema.required).toBeUndefined();
  });
});
