import { type Codex, canonicalId, RuleIndex } from '../codex/codex.ts';
import { isRetired, type Rule } from '../codex/rule.ts';
import { nearestIds } from './codex-nearest.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

/** The IDs that `--rule` names, separated by commas; nothing where it is not given. @throws {UsageError} */
export function chosenIds(asked: string | undefined, codex: Codex): ReadonlySet<string> | undefined {
  if (asked === undefined) return undefined;
  const names = asked.split(',').filter((name) => name.trim() !== '');
  if (names.length === 0) throw new UsageError('--rule: name a rule by its ID');
  return new Set(names.map((name) => ruleInUse(name, codex).id));
}

/**
 * The rule that somebody means by an ID, however it is written: `rfc 021`.
 *
 * @throws {UsageError} where there is none, naming the nearest, or it is retired, naming what took its place.
 */
export function ruleInUse(citation: string, codex: Codex): Rule {
  const index = new RuleIndex(codex.rules);
  const rule = index.get(citation);
  const shown = printableLine(citation.trim());
  if (!rule) {
    const near = nearestIds(canonicalId(citation), [...index.ids()]);
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`agentsmd codex match --all` lists them';
    throw new UsageError(`${shown}: ${codex.origin} has no such rule; ${hint}`);
  }
  if (!isRetired(rule)) return rule;
  const successors = index.successors(rule).map(({ id }) => id);
  const instead = successors.length > 0 ? `; ${successors.join(' and ')} took its place` : '';
  throw new UsageError(`${shown}: ${rule.status}${instead}`);
}
