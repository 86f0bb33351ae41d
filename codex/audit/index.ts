import type { RepoReader } from '../../forge/reader.ts';
import type { CatalogPort } from '../catalog.ts';
import type { Codex } from '../codex.ts';
import { isInUse, matchRule } from '../match.ts';
import { isRetired, type Rule } from '../rule.ts';
import { stackOf } from '../stack.ts';
import type { Waivers } from '../waiver.ts';
import { auditByChecks, notChecked } from './checks.ts';
import { shownLines } from './lines.ts';
import { auditByModels, type Panel } from './panel.ts';
import { type Audit, plainAudit, type RuleAudit } from './verdict.ts';

export interface AuditOptions {
  /** Only these rules, drafts included. Every rule in use unless told. */
  readonly ids?: ReadonlySet<string> | undefined;
  readonly catalog?: CatalogPort | undefined;
  readonly waivers: Waivers;
  /** The day on which waivers have to hold, `2026-11-21`. */
  readonly today: string;
  /** Who is asked about rules that code cannot check; a text says why nobody is. */
  readonly panel: Panel | string;
  readonly progress?: ((done: number, of: number) => void) | undefined;
}

/**
 * Holds a repository against every rule of a codex. Code checks what it can; what only a reader can tell is asked of models, where
 * there are any, whose word counts only with lines that are there. A rule of which nobody can say anything is `NOT-CHECKED`.
 */
export async function audit(
  { rules, problems, origin, revision }: Codex,
  reader: RepoReader,
  options: AuditOptions,
): Promise<Audit> {
  const { ids, catalog, panel, ...around } = options;
  const asked = rules.filter((rule) => (ids ? ids.has(rule.id) && !isRetired(rule) : isInUse(rule)));
  const stack = await stackOf(reader);
  const lines = shownLines(reader);
  const matches = await Promise.all(asked.map((rule) => matchRule(rule, stack, catalog)));
  const applying = matches.filter(({ applies }) => applies === 'yes');
  const outOfReach = matches.flatMap(({ rule, applies, because }): RuleAudit[] => {
    if (applies === 'yes') return [];
    if (applies === 'unknown') return [notChecked(rule, because, 'nobody')];
    return [{ ...plainAudit(rule), verdict: 'NOT-APPLICABLE', by: 'check', reason: because }];
  });
  const byChecks = await auditByChecks(
    applying.filter(({ rule }) => !isForReaders(rule)),
    reader,
    stack,
    { ...around, lines },
  );
  const forReaders = applying.flatMap(({ rule }) => (isForReaders(rule) ? [rule] : []));
  const byModels =
    typeof panel === 'string'
      ? forReaders.map((rule) => notChecked(rule, panel, 'nobody'))
      : await auditByModels(forReaders, panel, { ...around, lines, paths: stack.paths });
  return {
    repository: reader.name,
    commit: reader.commit,
    worktree: reader.worktree,
    codex: { origin, revision },
    rules: [...outOfReach, ...byChecks, ...byModels].sort((a, b) => (a.rule < b.rule ? -1 : 1)),
    problems: problems.map(({ file: path, line, message }) => ({
      path,
      ...(line === undefined ? {} : { line }),
      message,
    })),
  };
}

/** Whether only a reader can tell if a rule is kept. */
function isForReaders({ check }: Rule): boolean {
  return check === undefined || check.kind === 'model';
}
