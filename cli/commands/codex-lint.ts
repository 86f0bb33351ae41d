import type { CommandModule } from '../command.ts';

export const run: CommandModule['run'] = async () => {
  throw new Error('not built yet');
};
