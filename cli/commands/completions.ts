import type { CommandModule } from '../command.ts';
import { bashCompletion } from '../completions/bash.ts';
import { fishCompletion } from '../completions/fish.ts';
import { zshCompletion } from '../completions/zsh.ts';

const SHELLS: Readonly<Record<string, () => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const run: CommandModule['run'] = async ({ argument, json, out }) => {
  const shell = argument('shell') ?? '';
  const script = SHELLS[shell]?.() ?? '';
  if (json) out.document({ shell, script });
  else out.result(script);
  return 0;
};
