import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { assertOwnModels } from '../config/servers.ts';
import { modelsListText } from '../models-list-text.ts';
import { listModels } from '../models-listing.ts';
import { remoteOf } from '../models-remote.ts';

/** Prints what is configured. Sends nothing, but for the question what remote configuration says. */
export const run: CommandModule['run'] = async ({ configFile, out }) => {
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: configFile });
  const settings = loaded.values.models;
  if (settings === 'none') {
    if (out.json) out.document({ schema: 'agentsmd/models/1', configured: false });
    else out.result('models: none: no language model is configured, and nothing is ever asked\n');
    return 0;
  }
  if (settings.remote.url !== '') assertOwnModels(loaded);
  out.progress('asking for the remote configuration');
  const { overrides, state } = await remoteOf(settings);
  out.progress('');
  const listing = listModels(settings, overrides, process.env);
  if (out.json) out.document({ schema: 'agentsmd/models/1', configured: true, ...listing, remote: state });
  else out.result(modelsListText(listing, state, out.style));
  return 0;
};
