import type { RepoEntry } from '../forge/reader.ts';
import { type Codex, RuleIndex } from './codex.ts';
import { isRetired } from './rule.ts';
import type { Waiver } from './waiver.ts';
import { coveredBy, holdsOn } from './waivers.ts';

/**
 * - `expired`: holds no longer.
 * - `unknown-rule`, `retired-rule`: the codex has no such rule, or nobody asks it any more.
 * - `unused`: its globs match no file.
 * - `expiring`: holds for a few days only.
 * - `holds`: none of these.
 */
export type WaiverState = 'expired' | 'unknown-rule' | 'retired-rule' | 'unused' | 'expiring' | 'holds';

export interface WaiverReport {
  readonly waiver: Waiver;
  /** Everything that is true of it, in the order above. */
  readonly states: readonly WaiverState[];
  /** Days that it still holds, the last one included; 0 and less where it is expired. */
  readonly daysLeft: number;
}

/** What is to be said of each waiver on a day. */
export function reportWaivers(
  waivers: readonly Waiver[],
  codex: Pick<Codex, 'rules'>,
  entries: readonly RepoEntry[],
  { today, expiring }: { readonly today: string; readonly expiring: number },
): readonly WaiverReport[] {
  const index = new RuleIndex(codex.rules);
  return waivers.map((waiver) => {
    const rule = index.get(waiver.rule);
    const daysLeft = daysBetween(today, waiver.until) + 1;
    const states: WaiverState[] = [];
    if (!holdsOn(waiver, today)) states.push('expired');
    if (rule === undefined) states.push('unknown-rule');
    else if (isRetired(rule)) states.push('retired-rule');
    if (!isUsed(waiver, entries)) states.push('unused');
    if (daysLeft > 0 && daysLeft <= expiring) states.push('expiring');
    return { waiver, states: states.length > 0 ? states : ['holds'], daysLeft };
  });
}

function isUsed(waiver: Waiver, entries: readonly RepoEntry[]): boolean {
  const covers = coveredBy(waiver);
  return waiver.paths.length === 0 || entries.some(({ path }) => covers(path));
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
