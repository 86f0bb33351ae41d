import { type Codex, RuleIndex } from '../../../codex/codex.ts';
import { isInUse, type Match, matchCodex } from '../../../codex/match.ts';
import { stackOf } from '../../../codex/stack.ts';
import type { Survey } from '../../../facts/index.ts';
import type { RepoReader } from '../../../forge/reader.ts';
import type { CodexContext } from '../../sections/rules.ts';

/** What the rules about citations look at. */
export interface CodexWorld {
  readonly codex: Codex;
  readonly index: RuleIndex;
  /** By ID, of the rules that are in use. */
  readonly matches: ReadonlyMap<string, Match>;
}

export async function codexWorld(
  { codex, catalog }: CodexContext,
  reader: RepoReader,
  { paths, signals }: Survey,
): Promise<CodexWorld> {
  const dependencies = signals.filter((signal) => signal.kind === 'dependency');
  const stack = await stackOf(reader, { paths, dependencies });
  const inUse = codex.rules.filter(isInUse);
  const matches = await matchCodex({ rules: inUse }, stack, catalog);
  return {
    codex,
    index: new RuleIndex(codex.rules),
    matches: new Map(matches.map((match) => [match.rule.id, match])),
  };
}
