import type { ModelsSettings } from '../models/config.ts';
import type { RemoteOverrides } from '../models/overrides.ts';
import { openRemote } from '../models/remote/copy.ts';
import { openWire } from '../models/wire.ts';
import type { RemoteState } from './models-list-text.ts';
import { withoutSecrets } from './models-listing.ts';

/** Asks for the remote configuration, once. `null`: there is none. */
export async function remoteOf(
  settings: ModelsSettings,
): Promise<{ readonly overrides: RemoteOverrides | undefined; readonly state: RemoteState | null }> {
  if (settings.remote.url === '') return { overrides: undefined, state: null };
  const wire = openWire(process.env);
  let problem: string | null = null;
  try {
    const onProblem = (message: string) => {
      problem = message;
    };
    const overrides = await openRemote(settings, { env: process.env, wire, onProblem }).overrides();
    return { overrides, state: { url: withoutSecrets(settings.remote.url), problem } };
  } finally {
    await wire.close();
  }
}
