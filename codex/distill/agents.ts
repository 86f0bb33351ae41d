import type { Agent, CompiledAgents } from '../../models/agents/agent.ts';
import { CompiledError, compileAgents } from '../../models/agents/compile.ts';
import { problemText } from '../../models/agents/problem.ts';
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

/** The prompts that come with the program, from their files. @throws {CompiledError} where they are broken. */
export async function distillAgents(): Promise<CompiledAgents> {
  const compilation = await compileAgents({
    folder: import.meta.dirname,
    layer: 'built-in',
    answers: Object.keys(answerSchemas),
  });
  if (compilation.ok) return compilation.compiled;
  throw new CompiledError(compilation.problems.map((problem) => problemText(problem, 'codex/distill')).join('\n'));
}

/** @throws {CompiledError} for a role without a prompt. */
export function agentFor(role: Role, { agents }: CompiledAgents): Agent {
  const agent = agents.find(({ name, answer }) => name === role && answer === ROLES[role]);
  if (!agent) throw new CompiledError(`there is no agent ${role} that answers by ${ROLES[role]}`);
  return agent;
}
