import type { CommandModule } from '../command.ts';
import { configJsonSchema } from '../config/json-schema.ts';

/** Prints the JSON schema of the configuration: one document, with `--json` or without. */
export const run: CommandModule['run'] = async ({ out }) => {
  out.document(configJsonSchema());
  return 0;
};
