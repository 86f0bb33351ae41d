import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent, CompiledAgents } from '../../models/agents/agent.ts';
import { type Compilation, CompiledError, compileAgents } from '../../models/agents/compile.ts';
import { type AgentProblem, inOrder, problemText } from '../../models/agents/problem.ts';
import { type AnswerName, answerSchemas } from './answers.ts';

/** Who is asked, and the form of the answer. */
export const ROLES = {
  'codex-extractor': 'extraction',
  'codex-reviser': 'revision',
  'codex-critic': 'verdicts',
  'codex-merger': 'pairs',
  'codex-prover': 'checks',
} as const satisfies Record<string, AnswerName>;
export type Role = keyof typeof ROLES;

const ANSWERS = Object.keys(answerSchemas);
/** The folder in that of an organisation's agents which holds those of distilling. */
const DISTILL_FOLDER = 'distill';

/** The prompts that come with the program, from their files. @throws {CompiledError} where they are broken. */
export async function distillAgents(): Promise<CompiledAgents> {
  const compilation = await compileAgents({ folder: import.meta.dirname, layer: 'built-in', answers: ANSWERS });
  if (compilation.ok) return compilation.compiled;
  throw new CompiledError(compilation.problems.map((problem) => problemText(problem, 'codex/distill')).join('\n'));
}

/**
 * {@link distillAgents} with those of an organisation's folder laid over them, `distill/agents/*.md` in it.
 *
 * @param folder `undefined`: it has none.
 * @throws {AgentsFolderError} where `distill` in it is a file, or has nothing in it.
 */
export async function distillAgentsWith(folder: string | undefined): Promise<Compilation> {
  const over = await distillAgents();
  const own = folder === undefined ? undefined : join(folder, DISTILL_FOLDER);
  if (own === undefined || !existsSync(own)) return { ok: true, compiled: over };
  const compilation = await compileAgents({ folder: own, layer: 'organisation', answers: ANSWERS, over });
  const problems = compilation.ok ? roleProblems(compilation.compiled) : [];
  return problems.length === 0 ? compilation : { ok: false, problems: inOrder(problems) };
}

/** Distilling asks all of its roles, and nobody else: what is silently not asked is worse than an error. */
function roleProblems({ agents }: CompiledAgents): readonly AgentProblem[] {
  const problem = (name: string, message: string): AgentProblem => ({ file: `agents/${name}.md`, line: null, message });
  return [
    ...Object.entries(ROLES)
      .filter(([name, answer]) => !agents.some((agent) => agent.name === name && agent.answer === answer))
      .map(([name, answer]) => problem(name, `distilling needs this role, with the answer ${answer}`)),
    ...agents
      .filter(({ name }) => !Object.hasOwn(ROLES, name))
      .map(({ name }) => problem(name, `no role of distilling; its roles: ${Object.keys(ROLES).join(', ')}`)),
  ];
}

/** @throws {CompiledError} for a role without a prompt. */
export function agentFor(role: Role, { agents }: CompiledAgents): Agent {
  const agent = agents.find(({ name, answer }) => name === role && answer === ROLES[role]);
  if (!agent) throw new CompiledError(`there is no agent ${role} that answers by ${ROLES[role]}`);
  return agent;
}
