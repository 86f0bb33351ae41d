import type { CatalogPort } from '../../codex/catalog.ts';
import type { Codex } from '../../codex/codex.ts';
import { isAlwaysTold, loweredTo } from '../../codex/feedback.ts';
import { type Match, matchCodex } from '../../codex/match.ts';
import { LEVELS } from '../../codex/rule.ts';
import { stackOf } from '../../codex/stack.ts';
import type { Fact } from '../../facts/index.ts';
import { lastName, type PathIndex } from '../../facts/path-index.ts';
import type { Dependency } from '../../facts/signal.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { type Composed, type Item, type Omitted, RULE_KEY } from '../item.ts';
import type { Learned, RuleOutcome } from '../learned.ts';
import { oneLine } from '../markdown.ts';

/** The codex that bullets may cite. */
export interface CodexContext {
  readonly codex: Codex;
  readonly catalog?: CatalogPort;
  /** Somebody chose it: it may be brought into files that people wrote. The embedded one nobody chose goes into files of ours. */
  readonly chosen: boolean;
}

/** What of a codex could go into an AGENTS.md. */
export interface RuleChoice extends Composed {
  /** Keys of rules of which nobody can say today whether they apply: the catalog gave no answer, their file cannot be read. */
  readonly undecided: ReadonlySet<string>;
}

export const NO_RULES: RuleChoice = { items: [], omitted: [], undecided: new Set() };

export interface RuleOptions {
  /** Facts of the root tell the main languages: a script in another one is no reason to teach its rules. */
  readonly facts: readonly Fact[];
  readonly file: string;
  /** At most so many bullets. */
  readonly most: number;
  /** What reviews of this repository said of rules. */
  readonly learned?: Pick<Learned, 'rules' | 'since'> | undefined;
  /** What a survey already read. */
  readonly known?: { readonly paths?: PathIndex; readonly dependencies?: readonly Dependency[] };
}

/**
 * The rules in force that an agent has to know here, each one line with its ID: `MUST` before `SHOULD`, what guides the
 * writing of code before what is set up once, the narrow before the general, and few about other things than the
 * languages of the repository. A rule for everybody says nothing of this
 * repository: it stays in the codex. What reviews here found broken and people mended goes before all that, and a rule that nobody
 * broke in several of them is known well enough.
 */
export async function chooseRules(
  { codex, catalog }: CodexContext,
  reader: RepoReader,
  { facts, file, most, known = {}, learned }: RuleOptions,
): Promise<RuleChoice> {
  const stack = await stackOf(reader, known);
  const active = codex.rules.filter((rule) => rule.status === 'active' && loweredTo(rule) !== 'muted');
  const matches = await matchCodex({ rules: active }, stack, catalog);
  const mains = new Set(
    facts.filter(({ key, dir }) => key === 'language' && dir === '').map(({ value }) => value.toLowerCase()),
  );
  const taught = ({ rule }: Match): number => taughtBy(learned?.rules.get(rule.id));
  const speaking = matches
    .filter((match) => match.applies === 'yes' && match.evidence !== undefined)
    .filter((match) => match.specificity > 0 || taught(match) > 0)
    .filter(({ rule }) => isMain(rule.appliesTo.languages, mains))
    .sort(
      (a, b) =>
        taught(b) - taught(a) || rank(a) - rank(b) || b.specificity - a.specificity || (a.rule.id < b.rule.id ? -1 : 1),
    );
  const idle = speaking.filter(({ rule }) => !isAlwaysTold(rule) && isIdle(learned?.rules.get(rule.id)));
  const wanted = speaking.filter((match) => !idle.includes(match));
  const beside = wanted.filter((match) => !isOfLanguage(match) && taught(match) === 0).slice(MOST_BESIDE);
  const chosen = wanted.filter((match) => !beside.includes(match)).slice(0, most);
  const omitted = speaking
    .filter((match) => !chosen.includes(match))
    .map((match): Omitted => {
      const reason = idle.includes(match)
        ? `nobody broke it since ${learned!.since}, in ${learned!.rules.get(match.rule.id)!.applied} merge requests`
        : beside.includes(match)
          ? `the file names at most ${MOST_BESIDE} rules about other things than its languages`
          : `the file names at most ${most} rules`;
      return { text: textOf(match), reason, evidence: [match.evidence!] };
    });
  return {
    items: chosen.map((match, at) => ({ ...itemOf(match, file, at), ...becauseOf(match, learned) })),
    omitted,
    undecided: new Set([
      ...matches.flatMap(({ rule, applies }) => (applies === 'unknown' ? [`${RULE_KEY}${rule.id}`] : [])),
      // A file of the codex that could not be read is named like its rule.
      ...codex.problems.map(({ file }) => `${RULE_KEY}${lastName(file).replace(/\.md$/, '')}`),
    ]),
  };
}

/** How much there is to learn here of a rule: what nobody mended may be no fault at all. */
function taughtBy(outcome: RuleOutcome | undefined): number {
  return outcome === undefined || outcome.fixed === 0 ? 0 : outcome.broken;
}

/** In so many merge requests nobody broke it. */
const ENOUGH = 5;

function isIdle(outcome: RuleOutcome | undefined): boolean {
  return outcome !== undefined && outcome.broken === 0 && outcome.applied >= ENOUGH;
}

function becauseOf({ rule }: Match, learned: RuleOptions['learned']): Pick<Item, 'because'> {
  const outcome = learned?.rules.get(rule.id);
  if (taughtBy(outcome) === 0) return {};
  return { because: `broken ${times(outcome!.broken)} and mended ${times(outcome!.fixed)} since ${learned!.since}` };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function isMain(languages: readonly string[], mains: ReadonlySet<string>): boolean {
  return languages.length === 0 || mains.size === 0 || languages.some((language) => mains.has(language));
}

/** Checks of what is set up once: the pipeline reminds of them soon enough. */
const SET_UP: ReadonlySet<string | undefined> = new Set(['required-file', 'dependency-require', 'config-value']);

/** Pipelines and images have rules of their own, but it is code that is written day by day. */
const MOST_BESIDE = 3;

function isOfLanguage({ rule }: Match): boolean {
  return rule.appliesTo.languages.length > 0;
}

function rank(match: Match): number {
  const { level, check } = match.rule;
  return LEVELS.indexOf(level) * 4 + (SET_UP.has(check?.kind) ? 2 : 0) + (isOfLanguage(match) ? 0 : 1);
}

function textOf({ rule }: Match): string {
  const title = oneLine(rule.title).replace(/\.$/, '');
  // What begins like another bullet, a heading, a quote or HTML would be one.
  return `${title.replace(/^(?:[-*+>#|=~]|\d+(?=[.)]))|<(?=[!/?a-z])/gi, escaped)} (Codex: ${rule.id})`;
}

/** A number of a list is escaped behind itself: `1\\.` */
function escaped(mark: string): string {
  return /^\d/.test(mark) ? `${mark}\\` : `\\${mark}`;
}

/** Worth less than anything that the repository itself shows. */
const WORTH = 30;

function itemOf(match: Match, file: string, at: number): Item {
  return {
    file,
    section: 'Conventions',
    key: `${RULE_KEY}${match.rule.id}`,
    text: textOf(match),
    evidence: [match.evidence!],
    kind: 'rule',
    worth: WORTH - at / 100,
  };
}
