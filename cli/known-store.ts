import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../jobs/engine.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { storePlace, withEngine } from './fleet-store.ts';
import { printableLine } from './printable.ts';

/**
 * {@link withEngine} for what only looks at the state, or changes what is in it: where there is none, none is made.
 *
 * @throws {UsageError} where no state of a fleet is kept there.
 */
export async function withKnownStore<T>(
  loaded: Pick<LoadedConfig, 'values'>,
  input: Pick<CommandInput, 'text' | 'out'>,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const folder = embeddedFolder(input);
  if (folder !== undefined && !existsSync(join(folder, 'pg')))
    throw new UsageError(
      `${printableLine(folder)}: no state of a fleet; agentsmd sweep begins one (--state DIR or DATABASE_URL say where it is)`,
    );
  return await withEngine(loaded, input, use);
}

/** The folder of the embedded store; `undefined` where the state is in a database that several share. */
export function embeddedFolder(input: Pick<CommandInput, 'text' | 'out'>): string | undefined {
  return process.env.DATABASE_URL ? undefined : storePlace(input).folder;
}
