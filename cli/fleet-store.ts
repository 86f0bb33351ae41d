import { join, resolve } from 'node:path';
import type { Engine } from '../jobs/engine.ts';
import type { CommandInput, OptionSpec } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';
import { stateFolder } from './state-folder.ts';

/** For every command that knows the fleet. */
export const STATE: OptionSpec = {
  flags: '--state <dir>',
  summary: 'keep the state of the fleet in this folder; with DATABASE_URL it is kept in that database',
  kind: 'directory',
};

/** Where the state of the fleet is: a database, or a folder. */
export type StorePlace = { readonly url: string; readonly folder: string } | { readonly folder: string };

/**
 * `DATABASE_URL`, else `--state DIR`, else `fleet` in the user's state folder.
 *
 * @throws {UsageError} for an address that is none of PostgreSQL; it may hold a password and is not repeated.
 */
export function storePlace(
  { text, out }: Pick<CommandInput, 'text' | 'out'>,
  env: NodeJS.ProcessEnv = process.env,
): StorePlace {
  const named = text('state');
  if (named?.trim() === '') throw new UsageError('--state: name a folder');
  const { DATABASE_URL: url } = env;
  if (!url) return { folder: resolve(named ?? join(stateFolder(env), 'fleet')) };
  if (!/^postgres(?:ql)?:\/\/./i.test(url))
    throw new UsageError('DATABASE_URL: not the address of a PostgreSQL; such as postgres://user@host:5432/agentsmd');
  if (named !== undefined) out.warn('--state is not used: DATABASE_URL is set, and the state is kept there');
  return { url, folder: '' };
}

/**
 * Opens state and queue for `use`, and closes them afterwards.
 *
 * @throws {FleetError} where they cannot be had: another process holds the folder, the database does not answer.
 */
export async function withEngine<T>(
  { values }: Pick<LoadedConfig, 'values'>,
  input: Pick<CommandInput, 'text' | 'out'>,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const place = storePlace(input);
  const { openEngine } = await import('../jobs/store/open.ts');
  const engine = await openEngine({
    ...place,
    retries: values.fleet.retries,
    onProblem: (message) => input.out.warn(printableLine(message)),
  });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}
