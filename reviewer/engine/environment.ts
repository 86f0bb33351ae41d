import { resolve } from 'node:path';
import { SettingError } from '../../forge/setting-error.ts';
import type { EngineSettings } from './port.ts';

export interface ProcessEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Values that no message may hold. */
  readonly secrets: readonly string[];
}

/**
 * What the process of the models inherits: by name, and nothing else. Whatever it reads is foreign text, so no token of the forge is
 * there for anybody to talk it out of. It starts no program and opens no file of the user's: no path, no home.
 *
 * @param forgeTokens Variables that hold tokens of the forge, beside those that are called so everywhere.
 * @throws SettingError where a setting would have it get one of them.
 */
export function processEnvironment(
  settings: Pick<EngineSettings, 'models' | 'environment'>,
  env: NodeJS.ProcessEnv,
  forgeTokens: readonly string[] = [],
): ProcessEnvironment {
  const named = secretNames(settings);
  for (const { name, setting } of [...named, ...Object.keys(settings.environment).map(asked)]) {
    if (FORGE_TOKEN.test(name) || forgeTokens.includes(name))
      throw new SettingError(
        `${setting}: ${name} is a token of the forge, and the process of the models must not know one; name a variable that holds another`,
      );
    if (STEERS.test(name))
      throw new SettingError(`${setting}: ${name} would have the process of the models run other code; leave it out`);
  }
  const inherited = [...INHERITED, ...named.map(({ name }) => name)].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, FILES.includes(name) ? resolve(value) : value] as const];
  });
  const variables = { ...Object.fromEntries(inherited), ...settings.environment };
  assertNoToken(variables, tokensIn(env, forgeTokens));
  const own = named.flatMap(({ name }) => variables[name] ?? []);
  return { variables, secrets: [...own, ...Object.values(settings.environment)].filter(isLong) };
}

const INHERITED: readonly string[] = [
  ...['LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['NODE_EXTRA_CA_CERTS', 'NODE_USE_SYSTEM_CA', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  // Windows: without it no socket is opened.
  'SystemRoot',
];

/** Of these, names of files as they are seen from here; the process runs elsewhere. */
const FILES: readonly string[] = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

/** What GitLab calls tokens in its jobs, and its tools elsewhere. `CI_REPOSITORY_URL` holds the job's token. */
const FORGE_TOKEN =
  /^(?:(?:GITLAB|GL)_(?:PRIVATE_|ACCESS_|API_|PERSONAL_)?TOKEN|PRIVATE_TOKEN|JOB_TOKEN|CI_\w*(?:TOKEN|PASSWORD|JWT)\w*|CI_REPOSITORY_URL)$/i;
/** What decides which code runs in a process. */
const STEERS = /^(?:NODE_OPTIONS|NODE_PATH|NODE_REPL_\w+|LD_\w+|DYLD_\w+|GIT_\w+|PATH)$/i;

interface Named {
  readonly name: string;
  readonly setting: string;
}

const asked = (name: string): Named => ({ name, setting: 'the environment of the models' });

/** Variables whose values providers and collectors want. */
function secretNames({ models }: Pick<EngineSettings, 'models'>): readonly Named[] {
  if (models === 'none') return [];
  const { providers, remote, telemetry, attributionKeyEnv } = models;
  return [
    ...Object.entries(providers).map(([id, { keyEnv }]) => ({
      name: keyEnv,
      setting: `models.providers.${id}.keyEnv`,
    })),
    { name: remote.tokenEnv, setting: 'models.remote.tokenEnv' },
    { name: telemetry.tokenEnv, setting: 'models.telemetry.tokenEnv' },
    { name: attributionKeyEnv, setting: 'models.attributionKeyEnv' },
  ].filter(({ name }) => name !== '');
}

function tokensIn(env: NodeJS.ProcessEnv, forgeTokens: readonly string[]): readonly [string, string][] {
  return Object.entries(env).flatMap(([name, value = '']): [string, string][] => {
    const isToken = FORGE_TOKEN.test(name) || forgeTokens.includes(name);
    return isToken && isLong(value) ? [[name, value]] : [];
  });
}

/** One may go by another name, too. */
function assertNoToken(variables: Readonly<Record<string, string>>, tokens: readonly [string, string][]): void {
  for (const [name, value] of Object.entries(variables))
    for (const [token, secret] of tokens)
      if (value.includes(secret))
        throw new SettingError(
          `the environment of the models: ${name} holds what ${token} holds, a token of the forge; give it another value`,
        );
}

/** A shorter one is no secret, and would be found anywhere. */
const isLong = (value: string): boolean => value.length >= 8;
