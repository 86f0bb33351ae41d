import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings } from '../../models/testing/settings.ts';
import { processEnvironment } from './environment.ts';
import { opened } from './testing/opened.ts';
import { question } from './testing/question.ts';

/** Starts processes. */
const LONG = 120_000;
const TOKEN = 'not-for-the-models';

const TOKENS = Object.fromEntries(
  [
    ...['GITLAB_TOKEN', 'GITLAB_PRIVATE_TOKEN', 'CI_JOB_TOKEN', 'CI_REPOSITORY_URL', 'CI_REGISTRY_PASSWORD'],
    ...['OUR_FORGE', 'ANYTHING_ELSE', 'AWS_SECRET_ACCESS_KEY', 'NODE_OPTIONS_OLD', 'GIT_CONFIG_KEY_0'],
  ].map((name) => [name, `${TOKEN}-${name}`]),
);

describe('the process of the models', () => {
  it.runIf(process.platform === 'linux')(
    'knows no token of the forge, nor does whoever it asks, and no prompt stands in its arguments',
    async () => {
      const { engine, server, pids } = await opened({
        settings: { environment: { FLAG: 'on' } },
        deps: {
          env: { ...process.env, ...TOKENS, GW_KEY: 'test-key-agcanary', LANG: 'C' },
          forgeTokens: ['OUR_FORGE'],
        },
      });
      expect(await engine.ask(question('a secret plan'))).toMatchObject({ kind: 'answer' });
      const read = (file: string) => readFileSync(`/proc/${pids[0]}/${file}`, 'utf8').split('\0');
      expect(read('environ').join()).not.toContain(TOKEN);
      expect(read('environ')).toEqual(expect.arrayContaining(['GW_KEY=test-key-agcanary', 'FLAG=on', 'LANG=C']));
      expect(read('cmdline').join()).not.toMatch(/secret plan|test-key-agcanary/);
      expect(JSON.stringify(server.requests)).not.toContain(TOKEN);
      expect(server.requests[0]!.prompt).toContain('a secret plan');
    },
    LONG,
  );
});

describe('what the process of the models inherits', () => {
  const models = (keyEnv = 'GW_KEY') =>
    settings({ provider: { keyEnv }, remote: { url: '', tokenEnv: 'REMOTE' }, attributionKeyEnv: 'HASH' });
  const given = (environment: Record<string, string> = {}, keyEnv?: string) => ({
    models: models(keyEnv),
    environment,
  });

  it('is what is named, and nothing else', () => {
    const env = { ...TOKENS, PATH: '/bin', HOME: '/h', GW_KEY: 'the-key-of-it', REMOTE: 'r', https_proxy: 'http://p' };
    const { variables, secrets } = processEnvironment(given({ SET: 'a' }), { ...env, HASH: 'hash-of-them', X: 'x' });
    expect(variables).toEqual({
      GW_KEY: 'the-key-of-it',
      REMOTE: 'r',
      https_proxy: 'http://p',
      HASH: 'hash-of-them',
      SET: 'a',
    });
    expect(secrets).toEqual(['the-key-of-it', 'hash-of-them']);
  });

  it('names files of certificates as they are seen from where it is started', () => {
    const { variables } = processEnvironment(given(), { NODE_EXTRA_CA_CERTS: 'certs/our.pem' });
    expect(variables).toEqual({ NODE_EXTRA_CA_CERTS: resolve('certs/our.pem') });
  });

  it.each([
    ...['GITLAB_TOKEN', 'GITLAB_PRIVATE_TOKEN', 'gitlab_token', 'GL_TOKEN', 'CI_JOB_TOKEN', 'CI_JOB_JWT_V2'],
    ...['CI_DEPLOY_PASSWORD', 'CI_REPOSITORY_URL', 'CI_MY_TOKEN_2', 'PRIVATE_TOKEN', 'OUR_FORGE'],
  ])('is never %s', (name) => {
    expect(() => processEnvironment(given({ [name]: 'x' }), {}, ['OUR_FORGE'])).toThrow(
      `the environment of the models: ${name} is a token of the forge`,
    );
    expect(() => processEnvironment(given({}, name), {}, ['OUR_FORGE'])).toThrow(
      `models.providers.gw.keyEnv: ${name} is a token of the forge`,
    );
  });

  it('is no such token by another name', () => {
    const env = { CI_JOB_TOKEN: TOKEN, OUR_FORGE: `${TOKEN}-2`, GW_KEY: TOKEN };
    expect(() => processEnvironment(given(), env)).toThrow('GW_KEY holds what CI_JOB_TOKEN holds');
    const url = { BASE: `https://x:${TOKEN}-2@gitlab.example.com` };
    expect(() => processEnvironment(given(url), { ...env, GW_KEY: '', CI_JOB_TOKEN: '' }, ['OUR_FORGE'])).toThrow(
      'BASE holds what OUR_FORGE holds',
    );
    const proxy = { CI_JOB_TOKEN: TOKEN, https_proxy: `http://job:${TOKEN}@proxy.example.com` };
    expect(() => processEnvironment(given(), proxy)).toThrow('https_proxy holds what CI_JOB_TOKEN holds');
  });

  it.each([
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'GIT_SSH_COMMAND',
    'DYLD_INSERT_LIBRARIES',
    'PATH',
  ])('is nothing that has it run other code: %s', (name) => {
    expect(() => processEnvironment(given({ [name]: 'x' }), {})).toThrow('run other code');
  });
});
