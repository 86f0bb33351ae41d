import { existsSync } from 'node:fs';
import { type SearchHit, searchCodex } from '../../codex/search.ts';
import { stackOf } from '../../codex/stack.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { codexSearchText } from '../codex-search-text.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import type { Config } from '../config/slices.ts';
import { UsageError } from '../errors.ts';
import { openOwnCodex, warnOfCodex } from '../open-codex.ts';
import { openTarget } from '../open-target.ts';

/** Finds rules by a question. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const question = input.argument('question') ?? '';
  const limit = limitOf(input);
  const { config, codex } = await openOwnCodex(input);
  const reader = await repositoryAround(input, config.values);
  try {
    const answer = await searchCodex(codex, question, { limit, stack: reader && (await stackOf(reader)) });
    const { hits, found, languages } = answer;
    if (out.json) {
      out.document({
        schema: 'agentsmd/codex-search/1',
        question,
        codex: { origin: codex.origin, revision: codex.revision },
        repository: reader?.name ?? null,
        languages,
        found,
        answers: hits.map(described),
      });
      return 0;
    }
    out.result(codexSearchText(hits, out.style));
    warnOfCodex(codex, out);
    if (found === 0) out.note('no rule speaks of that; try other words, or agentsmd codex match --all for the list');
    else if (found > hits.length) out.note(`${hits.length} of ${found} rules (--limit shows more)`);
    if (reader && hits.some(({ applies }) => applies === 'no'))
      out.note(`rules that do not apply to ${reader.name} come last`);
    return 0;
  } finally {
    await reader?.close();
  }
};

function limitOf({ text }: CommandInput): number {
  const given = text('limit') ?? '10';
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new UsageError(`--limit ${given}: give a number from 1`);
  return Number(given);
}

/** The repository that was named, or the one around the current folder; nothing where that is in none. */
async function repositoryAround(input: CommandInput, config: Config): Promise<RepoReader | undefined> {
  const named = input.argument('repo');
  const target = { argument: () => named ?? '.', text: () => undefined };
  try {
    return await openTarget({ ...input, ...target }, config);
  } catch (error) {
    const problem = error instanceof Error && 'problem' in error ? error.problem : undefined;
    if (named === undefined && (problem === 'not-a-repository' || problem === 'empty-repository')) return undefined;
    if (named !== undefined && /^[\p{L}\d'?!,-]+$/u.test(named) && !existsSync(named))
      throw new UsageError(
        `${named}: no such repository; put a question of several words in quotes: "${input.argument('question')} ${named}"`,
      );
    throw error;
  }
}

function described({ rule, heading, snippet, score, why, applies, successors }: SearchHit): object {
  const { id, rev, level, status, title, file } = rule;
  return { id, rev, level, status, title, file, heading, snippet, score, why, applies: applies ?? null, successors };
}
