import { dirname, relative, resolve, sep } from 'node:path';
import type { CompiledAgents } from '../models/agents/agent.ts';
import { compileAgents } from '../models/agents/compile.ts';
import { type AgentProblem, problemText } from '../models/agents/problem.ts';
import { ANSWERS, builtinAgents } from '../reviewer/agents/builtin.ts';
import type { CommandInput } from './command.ts';
import { ConfigError } from './config/config-error.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { assertOwnAgents } from './config/servers.ts';
import { printableLine } from './printable.ts';

/** How the organisation's folder is called in origins. */
export const ORGANISATION = 'organisation';

/**
 * The agents and commands that hold: the built-in ones with those of `agents.dir` over them.
 *
 * @throws {ConfigError} with every problem of that folder, or where a configuration sets it that others may have written.
 * @throws {AgentsFolderError} where there is no such folder.
 */
export async function effectiveAgents({ configFile }: Pick<CommandInput, 'configFile'>): Promise<CompiledAgents> {
  return await agentsOf(await loadConfig({ cwd: process.cwd(), env: process.env, file: configFile }));
}

/** {@link effectiveAgents} of a configuration that was loaded already. */
export async function agentsOf(loaded: LoadedConfig): Promise<CompiledAgents> {
  const folder = agentsFolder(loaded);
  const over = await builtinAgents();
  if (folder === undefined) return over;
  const compilation = await compileAgents({ folder, layer: ORGANISATION, answers: ANSWERS, over });
  if (compilation.ok) return compilation.compiled;
  throw new ConfigError(problemLines(compilation.problems, folder));
}

/** `agents.dir`, from where the configuration lies; `undefined`: not set. @throws {ConfigError} */
export function agentsFolder(loaded: LoadedConfig): string | undefined {
  const { dir } = loaded.values.agents;
  if (dir === '') return undefined;
  assertOwnAgents(loaded);
  return resolve(loaded.file === undefined ? '.' : dirname(loaded.file), dir);
}

/** Problems with paths from the current folder, where that is above. */
export function problemLines(problems: readonly AgentProblem[], folder: string): readonly string[] {
  return problems.map((problem) => printableLine(problemText(problem, fromHere(folder))));
}

/** A folder for people: from the current one where it is below it, '' for itself. */
export function fromHere(folder: string): string {
  const path = relative(process.cwd(), folder).split(sep).join('/');
  return path.startsWith('..') ? folder : path;
}
