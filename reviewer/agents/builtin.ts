import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledAgents } from '../../models/agents/agent.ts';
import { CompiledError, compileAgents, readCompiled } from '../../models/agents/compile.ts';
import { problemText } from '../../models/agents/problem.ts';

/** The schemas that an agent may answer by. */
export const ANSWERS = ['draft', 'findings', 'judgement', 'replies'] as const;

const REVIEWER = join(import.meta.dirname, '..');
/** Who drafts an AGENTS.md is kept with the generator. */
const DRAFTER = join(REVIEWER, '..', 'generator', 'draft');

/**
 * The agents and commands that come with the program: as they were compiled when it was built, else from their files.
 *
 * @param folder where the compiled document may lie.
 * @throws {CompiledError} where they are broken, which a build does not let pass.
 */
export async function builtinAgents(folder: string = import.meta.dirname): Promise<CompiledAgents> {
  const kept = join(folder, 'builtin.json');
  return existsSync(kept) ? readCompiled(readFileSync(kept, 'utf8'), ANSWERS) : await compileBuiltin();
}

/** From their files, whatever was built. @throws {CompiledError} */
export async function compileBuiltin(): Promise<CompiledAgents> {
  const drafter = await compiled(DRAFTER);
  return await compiled(REVIEWER, drafter);
}

async function compiled(folder: string, over?: CompiledAgents): Promise<CompiledAgents> {
  const compilation = await compileAgents({ folder, layer: 'built-in', answers: ANSWERS, over });
  if (compilation.ok) return compilation.compiled;
  throw new CompiledError(compilation.problems.map((problem) => problemText(problem, folder)).join('\n'));
}
