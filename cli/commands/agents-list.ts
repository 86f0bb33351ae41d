import { agentsListText, originOf } from '../agents-text.ts';
import type { CommandModule } from '../command.ts';
import { effectiveAgents } from '../own-agents.ts';

/** Prints every agent and command without its prompt. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const compiled = await effectiveAgents(input);
  if (!out.json) {
    out.result(agentsListText(compiled, out.style));
    return 0;
  }
  out.document({
    schema: 'agentsmd/agents-list/1',
    agents: compiled.agents.map(({ prompt: _, from, ...agent }) => ({ ...agent, origin: originOf(from) })),
    commands: compiled.commands.map(({ template: _, from, ...command }) => ({ ...command, origin: originOf(from) })),
  });
  return 0;
};
