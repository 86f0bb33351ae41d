import { globs } from '../../codex/globs.ts';
import type { Agent } from '../../models/agents/agent.ts';
import type { ChangedFile } from '../change/change-set.ts';
import { CATEGORIES, type Category } from '../findings/finding.ts';
import { isAside, isTest } from '../scope/aside.ts';
import type { RiskTier } from '../scope/tier.ts';
import { agentsOf, COORDINATOR, OWNERS, specialistFor } from './ownership.ts';

/** An agent that is asked. */
export interface Seat {
  readonly agent: Agent;
  /** Those of the change that are its business, in their order. */
  readonly files: readonly ChangedFile[];
  /** Categories that are its own in this review, whoever has them in others. */
  readonly owns: readonly Category[];
}

export interface Roster {
  readonly seats: readonly Seat[];
  /** Agents of this tier that are not asked, with the reason. */
  readonly spared: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Who is asked about a change: the agents of its tier, as far as there is something for them, and the organisation's own, wherever a file of
 * theirs changed. What an agent that is not there would have owned goes to who reads all code.
 *
 * @param skipped agents that a plugin keeps from being asked, by name with the reason.
 */
export function rosterOf({
  agents,
  tier,
  files,
  skipped,
}: {
  readonly agents: readonly Agent[];
  readonly tier: RiskTier;
  /** Without noise. */
  readonly files: readonly ChangedFile[];
  readonly skipped: Readonly<Record<string, string>>;
}): Roster {
  const byName = new Map(agents.map((agent) => [agent.name, agent]));
  const ours = new Set([COORDINATOR, ...agentsOf('trivial'), ...agentsOf('full')]);
  const own = agents.filter(({ name, answer }) => !ours.has(name) && answer === 'findings').map(({ name }) => name);
  const heirs = heirsOf(tier, (name) => byName.has(name));
  const seats: Seat[] = [];
  const spared: { name: string; why: string }[] = [];
  for (const name of [...new Set([...agentsOf(tier), ...own])]) {
    const agent = byName.get(name);
    if (!agent) continue;
    const why = skipped[name];
    const mine = files.filter(isOf(agent));
    if (why !== undefined) spared.push({ name, why });
    else if (mine.length === 0) spared.push({ name, why: 'no file of the change is its business' });
    else seats.push({ agent, files: mine, owns: CATEGORIES.filter((category) => heirs[category] === name) });
  }
  return { seats, spared };
}

/** Owners where some agents were taken away: theirs goes to `code-quality`, else to any that there is. */
function heirsOf(tier: RiskTier, isThere: (name: string) => boolean): Readonly<Record<Category, string>> {
  const heir = ['code-quality', 'generalist', ...agentsOf(tier)].find(
    (name) => isThere(name) && agentsOf(tier).includes(name),
  );
  const entries = CATEGORIES.map((category) => {
    const owner = OWNERS[tier][category];
    return [category, isThere(owner) ? owner : (heir ?? owner)] as const;
  });
  return Object.fromEntries(entries) as Record<Category, string>;
}

/** Whether a file is an agent's business: by its globs, and by whether what it looks for can be there. */
function isOf({ name, files }: Agent): (file: ChangedFile) => boolean {
  const byGlob = globs(files);
  const fits = FITS[name] ?? (() => true);
  return (file) => (byGlob(file.path) || (file.from !== undefined && byGlob(file.from))) && fits(file);
}

const isRunning = ({ path, sensitive }: ChangedFile) => sensitive !== undefined || !isAside(path);

/** Built-in agents that look at less than everything. Who reads documentation reads code as well: it is what makes documents false. */
const FITS: Readonly<Record<string, (file: ChangedFile) => boolean>> = {
  [specialistFor('security')]: isRunning,
  [specialistFor('performance')]: isRunning,
  [specialistFor('release')]: isRunning,
  [specialistFor('code-quality')]: (file) => isRunning(file) || isTest(file.path),
};
