import type { RepoReader } from '../forge/reader.ts';
import type { CodexFinding } from './finding.ts';
import { globs } from './globs.ts';
import { NO_WAIVERS, type Waiver, type Waivers } from './waiver.ts';

/** The file of a repository that lets its team off rules, read at the target branch. */
export const WAIVERS_PATH = '.agentsmd/waivers.yaml';

/** The waivers of a repository as its reader sees them. Never throws for what is in the file. */
export async function readWaivers(reader: Pick<RepoReader, 'read'>): Promise<Waivers> {
  const read = (await reader.read([WAIVERS_PATH])).get(WAIVERS_PATH)!;
  if (read.ok) return (await import('./parse-waivers.ts')).parseWaivers(read.text);
  if (read.reason === 'absent') return NO_WAIVERS;
  return { waivers: [], problems: [{ message: `not read: ${read.detail ?? read.reason}` }] };
}

/** Which files a waiver is for. What names a folder is for everything in it. */
export function coveredBy({ paths }: Pick<Waiver, 'paths'>): (path: string) => boolean {
  if (paths.length === 0) return () => true;
  return globs(
    paths.flatMap((given) => {
      const path = given.replace(/\/+$/, '');
      return [path, `${path}/**`];
    }),
  );
}

/** Whether a waiver still holds on a day; its last day is one of them. Dates compare as texts. */
export function holdsOn({ until }: Pick<Waiver, 'until'>, today: string): boolean {
  return today <= until;
}

/** The day in UTC, `2026-11-21`. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The waivers that let nobody off any more and that findings which stand are for. */
export function expiredFor(findings: readonly CodexFinding[], { waivers }: Waivers, today: string): readonly Waiver[] {
  const standing = findings.filter(({ waived }) => waived === undefined);
  return waivers.filter((waiver) => {
    if (holdsOn(waiver, today)) return false;
    const covers = coveredBy(waiver);
    return standing.some(({ rule, path }) => rule === waiver.rule && covers(path));
  });
}

/** Marks the findings that a waiver which still holds on `today` (`2026-11-21`) covers. */
export function waive(findings: readonly CodexFinding[], { waivers }: Waivers, today: string): readonly CodexFinding[] {
  const holding = waivers.filter((waiver) => holdsOn(waiver, today));
  if (holding.length === 0) return findings;
  const byRule = Map.groupBy(
    holding.map((waiver) => ({ waiver, covers: coveredBy(waiver) })),
    ({ waiver }) => waiver.rule,
  );
  return findings.map((finding) => {
    const found = byRule.get(finding.rule)?.find(({ covers }) => covers(finding.path));
    return found === undefined ? finding : { ...finding, waived: found.waiver };
  });
}
