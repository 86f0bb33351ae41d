import { closestMatch } from 'leven';
import * as z from 'zod';
import type { ModelsSettings, ProviderSettings } from '../../models/config.ts';
import type { Wire } from '../../models/wire.ts';
import { ConfigError } from '../config/config-error.ts';
import type { LoadedConfig } from '../config/load.ts';
import { assertOwnModels } from '../config/servers.ts';
import { withoutSecrets } from '../models-listing.ts';
import { transcriptFolder } from '../models-transcripts.ts';
import type { Check } from './check.ts';
import { folderCheck } from './machine.ts';

/** Of one provider, in ms. */
const PATIENCE = 5000;

/** Whether the providers of models answer and know what is configured, and what models need besides. No model is asked anything. */
export async function modelsChecks(loaded: LoadedConfig, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const { models: settings } = loaded.values;
  if (settings === 'none')
    return [{ about: 'models', mark: 'note', says: 'models is none: everything works without, nothing is phrased' }];
  const foreign = foreignTo(loaded);
  if (foreign) return [{ about: 'models', mark: 'fails', says: `no provider is asked: ${foreign}` }];
  const { openWire } = await import('../../models/wire.ts');
  const wire = openWire(env);
  try {
    const providers = Object.entries(settings.providers).map(([name, one]) => providerChecks(name, one, env, wire));
    const folder = transcriptFolder(loaded);
    return [
      ...(await Promise.all(providers)).flat(),
      ...(await agentChecks(settings, loaded)),
      ...(await remoteChecks(settings, env, wire)),
      ...(folder === undefined ? [] : [folderCheck('transcripts', () => folder)]),
    ];
  } finally {
    await wire.close();
  }
}

/** Keys are only sent to whom the user's own configuration names, and folders made where it says. */
function foreignTo(loaded: LoadedConfig): string | undefined {
  try {
    assertOwnModels(loaded);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

async function providerChecks(
  name: string,
  provider: ProviderSettings,
  env: NodeJS.ProcessEnv,
  wire: Wire,
): Promise<readonly Check[]> {
  const about = `models of ${name}`;
  const { keyEnv, enabled } = provider;
  if (!enabled) return [{ about, mark: 'note', says: 'switched off: not asked' }];
  const key = keyEnv === '' ? undefined : env[keyEnv];
  if (keyEnv !== '' && !key)
    return [{ about, mark: 'fails', says: `${keyEnv} with its key is not set`, mend: `set ${keyEnv}` }];
  const found = await listOf(provider, key, wire);
  const says = `${withoutSecrets(provider.baseUrl)}: ${found.says}`;
  if (!('ids' in found)) return [{ about, ...found, says }];
  return [{ about, mark: 'ok', says }, ...unknownIds(name, provider, found.ids)];
}

/** Agents that are given a model and that there are not: the setting does nothing. */
async function agentChecks({ agents }: ModelsSettings, loaded: LoadedConfig): Promise<readonly Check[]> {
  const named = Object.keys(agents);
  if (named.length === 0) return [];
  const { agentsOf } = await import('../own-agents.ts');
  try {
    const known = (await agentsOf(loaded)).agents.map(({ name }) => name);
    return named
      .filter((name) => !known.includes(name))
      .map((name) => {
        const near = closestMatch(name, known, { maxDistance: 4 });
        const says = `models.agents.${name}: there is no such agent${near ? `; did you mean ${near}?` : ''}`;
        return { about: 'models of agents', mark: 'warns', says, mend: 'agentsmd agents list shows all of them' };
      });
  } catch (error) {
    return [
      { about: 'models of agents', mark: 'fails', says: (error as Error).message, mend: 'agentsmd agents check' },
    ];
  }
}

type Listing = Omit<Check, 'about'> | { readonly says: string; readonly ids: readonly string[] };

const LIST = z.object({ data: z.array(z.object({ id: z.string() })) });
/** There is no such list there, which is nobody's fault. */
const UNLISTED: ReadonlySet<number> = new Set([404, 405, 501]);

async function listOf(provider: ProviderSettings, key: string | undefined, wire: Wire): Promise<Listing> {
  const { baseUrl, headers, keyEnv } = provider;
  const overdue = AbortSignal.timeout(PATIENCE);
  try {
    const response = await wire.fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      signal: overdue,
      headers: { accept: 'application/json', ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
    });
    const { status } = response;
    if (status === 200) return listIn(await response.text());
    await response.body?.cancel();
    if (UNLISTED.has(status))
      return { mark: 'note', says: `cannot list its models (${status})`, mend: 'agentsmd models test asks them' };
    if (status === 401) {
      const mend = keyEnv === '' ? 'keyEnv names the variable that holds its key' : `put a valid key into ${keyEnv}`;
      return { mark: 'fails', says: keyEnv === '' ? 'wants a key (401)' : `refuses the key in ${keyEnv} (401)`, mend };
    }
    if (status === 403)
      return { mark: 'warns', says: 'does not let this key list models (403)', mend: 'agentsmd models test asks them' };
    if (status >= 300 && status < 400)
      return { mark: 'fails', says: `leads elsewhere (${status})`, mend: 'baseUrl must be the endpoint itself' };
    return { mark: 'fails', says: `answered ${status}`, mend: 'ask whoever runs it, or try again later' };
  } catch (error) {
    const { connectionError } = await import('../../models/connection.ts');
    const says = overdue.aborted ? `no answer within ${PATIENCE / 1000} s` : connectionError(error);
    return { mark: 'fails', says, mend: 'check baseUrl, proxy (HTTPS_PROXY) and certificates (NODE_EXTRA_CA_CERTS)' };
  }
}

function listIn(text: string): Listing {
  const read = LIST.safeParse(json(text));
  if (read.success) {
    const ids = read.data.data.map(({ id }) => id);
    return { says: `${ids.length} models`, ids };
  }
  return { mark: 'warns', says: 'what it answers is no list of models', mend: 'baseUrl must go up to and with /v1' };
}

/** A gateway may know more than it lists, so this alone does not fail. */
function unknownIds(name: string, { models }: ProviderSettings, ids: readonly string[]): readonly Check[] {
  return Object.keys(models)
    .filter((id) => !ids.includes(id))
    .map((id) => {
      const near = closestMatch(id, ids, { maxDistance: Math.max(3, Math.ceil(id.length / 3)) });
      const test = `agentsmd models test ${name}/${id} tells for sure`;
      const mend = near === undefined ? test : `did you mean ${near}? ${test}`;
      return { about: `${name}/${id}`, mark: 'warns', says: 'is not in the list of its provider', mend };
    });
}

async function remoteChecks(settings: ModelsSettings, env: NodeJS.ProcessEnv, wire: Wire): Promise<readonly Check[]> {
  if (settings.remote.url === '') return [];
  const about = 'models.remote';
  const { openRemote } = await import('../../models/remote/copy.ts');
  const problems: string[] = [];
  await openRemote(settings, { env, wire, onProblem: (message) => void problems.push(message) }).overrides();
  const [problem] = problems;
  if (problem !== undefined) return [{ about, mark: 'warns', says: problem }];
  return [{ about, mark: 'ok', says: `${withoutSecrets(settings.remote.url)} can be read` }];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
