import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Compilation, CompiledError, compileAgents } from '../../models/agents/compile.ts';
import { problemText } from '../../models/agents/problem.ts';

const ANSWERS = ['audit'] as const;
/** The folder in that of an organisation's agents which holds those of audits. */
const AUDIT_FOLDER = 'audit';

/**
 * The roles of an audit: the built-in ones, with those of a folder laid over them, `audit/agents/*.md` in it.
 *
 * @param folder an organisation's own agents, where there are any.
 * @throws {CompiledError} where the built-in ones are broken. {AgentsFolderError}
 */
export async function auditAgents(folder?: string): Promise<Compilation> {
  const builtin = await compileAgents({ folder: import.meta.dirname, layer: 'built-in', answers: ANSWERS });
  if (!builtin.ok)
    throw new CompiledError(builtin.problems.map((problem) => problemText(problem, 'codex/audit')).join('\n'));
  const own = folder === undefined ? undefined : join(folder, AUDIT_FOLDER);
  if (own === undefined || !existsSync(own)) return builtin;
  return await compileAgents({ folder: own, layer: 'organisation', answers: ANSWERS, over: builtin.compiled });
}
