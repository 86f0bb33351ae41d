import { resolve } from 'node:path';
import { type Compilation, compileAgents } from '../../models/agents/compile.ts';
import { ANSWERS, builtinAgents } from '../../reviewer/agents/builtin.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { agentsFolder, fromHere, ORGANISATION, problemLines } from '../own-agents.ts';
import { printableLine } from '../printable.ts';

/** Checks a folder as it would be laid over the built-in agents and commands. */
export const run: CommandModule['run'] = async (input) => {
  const { out, configFile } = input;
  const given = input.argument('dir');
  const folder =
    given === undefined
      ? agentsFolder(await loadConfig({ cwd: process.cwd(), env: process.env, file: configFile }))
      : resolve(given);
  const over = await builtinAgents();
  const checked: Compilation =
    folder === undefined
      ? { ok: true, compiled: over }
      : await compileAgents({ folder, layer: ORGANISATION, answers: ANSWERS, over });
  const problems = checked.ok ? [] : checked.problems;
  const shown = folder === undefined ? null : fromHere(folder) || '.';
  if (out.json) out.document({ schema: 'agentsmd/agents-check/1', dir: shown, problems });
  else if (folder !== undefined)
    out.result(
      problemLines(problems, folder)
        .map((line) => `${line}\n`)
        .join(''),
    );
  const where = printableLine(shown ?? 'what is built in; set agents.dir, or name a folder, for your own');
  out.note(
    checked.ok
      ? `${countOf(checked.compiled)}, nothing to report in ${where}`
      : `${count(problems, 'problem')} in ${where}`,
  );
  return checked.ok ? 0 : 1;
};

function countOf({
  agents,
  commands,
}: {
  readonly agents: readonly unknown[];
  readonly commands: readonly unknown[];
}): string {
  return `${count(agents, 'agent')} and ${count(commands, 'command')}`;
}

function count({ length }: readonly unknown[], thing: string): string {
  return `${length} ${thing}${length === 1 ? '' : 's'}`;
}
