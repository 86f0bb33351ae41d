import { didYouMean } from '../../forge/nearest.ts';
import { agentText, commandText } from '../agents-text.ts';
import type { CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { effectiveAgents } from '../own-agents.ts';
import { printable, printableLine } from '../printable.ts';

/** Prints an agent, a command, or both where both have that name. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const wanted = input.argument('name') ?? '';
  const { base, agents, commands } = await effectiveAgents(input);
  if (wanted === 'base') {
    if (out.json) out.document({ schema: 'agentsmd/agents-show/1', base });
    else
      out.result(
        `${out.style('bold', `base, from ${base.from.join(' + ') || 'nowhere'}`)}\n\n${printable(base.prompt)}\n`,
      );
    return 0;
  }
  const agent = agents.find(({ name }) => name === wanted);
  const command = commands.find(({ name }) => name === wanted);
  if (!agent && !command) {
    const known = [...agents, ...commands].map(({ name }) => name);
    const hint = didYouMean(wanted, known) || `; known: ${known.join(', ')}, base`;
    throw new UsageError(`no agent or command "${printableLine(wanted)}"${hint}`);
  }
  if (out.json) out.document({ schema: 'agentsmd/agents-show/1', agent: agent ?? null, command: command ?? null });
  else
    out.result(
      [...(agent ? [agentText(agent, out.style)] : []), ...(command ? [commandText(command, out.style)] : [])].join(
        '\n',
      ),
    );
  return 0;
};
