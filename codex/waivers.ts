import type { CodexFinding } from './finding.ts';
import type { Waiver } from './waiver.ts';

/** The file of a repository that lets its team off rules, read at the target branch. */
export const WAIVERS_PATH = '.agentsmd/waivers.yaml';

export interface Waivers {
  readonly waivers: readonly Waiver[];
  /** Entries that are not understood let nobody off. */
  readonly problems: readonly { readonly line?: number; readonly message: string }[];
}

export const NO_WAIVERS: Waivers = { waivers: [], problems: [] };

/** Marks the findings that a waiver which still holds on `today` (`2026-11-21`) covers. */
export function waive(findings: readonly CodexFinding[], _waivers: Waivers, _today: string): readonly CodexFinding[] {
  return findings;
}
