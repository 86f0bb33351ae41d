import { COMPILED_SCHEMA } from '../../models/agents/agent.ts';
import { writeCompiled } from '../../models/agents/compile.ts';
import type { CommandModule } from '../command.ts';
import { exportFile } from '../export-file.ts';
import { effectiveAgents } from '../own-agents.ts';
import { printableLine } from '../printable.ts';

/** Prints or writes the compiled document. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const file = input.text('out') ?? '-';
  const write = file === '-' ? out.result : exportFile('out', file, isCompiled);
  const compiled = await effectiveAgents(input);
  write(writeCompiled(compiled));
  if (file === '-') return 0;
  const { length: agents } = compiled.agents;
  const { length: commands } = compiled.commands;
  if (out.json) out.document({ schema: 'agentsmd/agents-compile/1', file, agents, commands });
  else out.note(printableLine(`wrote ${file}: agents: ${agents}, commands: ${commands}`));
  return 0;
};

function isCompiled(text: string): boolean {
  return text.startsWith(`{\n  "schema": "${COMPILED_SCHEMA}",\n`);
}
