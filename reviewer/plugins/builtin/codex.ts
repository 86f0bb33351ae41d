import type { CatalogPort } from '../../../codex/catalog.ts';
import type { Codex } from '../../../codex/codex.ts';
import { loweredTo } from '../../../codex/feedback.ts';
import { isInUse, type Match, matchRule } from '../../../codex/match.ts';
import { mayConcern } from '../../../codex/relevance.ts';
import type { Rule } from '../../../codex/rule.ts';
import { stackOf } from '../../../codex/stack.ts';
import type { Waiver } from '../../../codex/waiver.ts';
import { coveredBy, holdsOn, readWaivers } from '../../../codex/waivers.ts';
import type { RepoReader } from '../../../forge/reader.ts';
import { MOST_SECTION_BYTES } from '../allowed.ts';
import type { ReviewPlugin } from '../plugin.ts';

export interface CodexRules {
  /** `undefined`: there is none. */
  readonly codex: Codex | undefined;
  /** Nobody chose it: then only its MUSTs count. */
  readonly unchosen?: boolean | undefined;
  /** What a broken MUST is. */
  readonly must: 'warning' | 'critical';
  readonly after: RepoReader;
  /** What the change goes into: its waivers hold. */
  readonly target: RepoReader;
  readonly catalog?: CatalogPort | undefined;
  /** `2026-11-22`. */
  readonly today: string;
}

const AGENT = 'codex-compliance';

/**
 * Hands the rules that need judgement to the agent for them: those in force that no program checks, and that apply to a file of the change.
 * Where there are none the agent is not asked. A rule of which only the catalog could say whether it applies is left out where the catalog
 * has no answer; the computed check names it.
 */
export function codexRules(given: CodexRules): ReviewPlugin {
  return {
    name: 'codex',
    async configure({ agents, addPrompt, skipAgent, report }, about) {
      if (!agents().includes(AGENT)) return;
      if (given.codex === undefined) return skipAgent(AGENT, 'there is no codex');
      const touched = about.files.flatMap(({ path, status, noise }) =>
        status === 'deleted' || noise !== undefined ? [] : [path],
      );
      const rules = await judgedRules(given, given.codex, touched);
      if (rules.length === 0) return skipAgent(AGENT, 'no rule that needs judgement applies to the changed files');
      const { waivers } = await readWaivers(given.target);
      const holding = waivers.filter((waiver) => holdsOn(waiver, given.today) && touched.some(coveredBy(waiver)));
      const { text, left } = rulesText(rules, holding, given.must);
      addPrompt({ title: 'rules of the engineering codex that need judgement', text, for: [AGENT] });
      if (left.length > 0) report(`${AGENT} is not told of ${left.join(', ')}: too many rules apply`);
    },
  };
}

/** What binds most first, then what is narrowest. */
async function judgedRules(
  { unchosen = false, after, catalog }: CodexRules,
  { rules }: Codex,
  changed: readonly string[],
): Promise<readonly Rule[]> {
  const stack = await stackOf(after);
  const touched = changed.filter((path) => stack.paths.isFile(path));
  const found: Match[] = [];
  for (const rule of rules) {
    const isJudged = rule.check === undefined || rule.check.kind === 'model';
    if (loweredTo(rule) === 'muted') continue;
    if (!isInUse(rule) || !isJudged || (unchosen && (rule.level !== 'MUST' || rule.status === 'trial'))) continue;
    if ((await mayConcern(rule, touched, undefined)) === 'no') continue;
    // Its languages and paths held for one of the files already.
    const rest = { ...rule, appliesTo: { ...rule.appliesTo, languages: [], paths: [], notPaths: [] } };
    const match = await matchRule(rest, stack, catalog);
    if (match.applies === 'yes') found.push({ ...match, rule });
  }
  const binds = ({ level, status }: Rule) => (status === 'trial' ? 3 : ['MUST', 'SHOULD', 'MAY'].indexOf(level));
  return found
    .sort((a, b) => binds(a.rule) - binds(b.rule) || b.specificity - a.specificity || (a.rule.id < b.rule.id ? -1 : 1))
    .map(({ rule }) => rule);
}

/** Leaves room for the IDs of those that are not shown. */
const ROOM = MOST_SECTION_BYTES - 4096;

function rulesText(
  rules: readonly Rule[],
  waivers: readonly Waiver[],
  must: CodexRules['must'],
): { readonly text: string; readonly left: readonly string[] } {
  const shown: string[] = [];
  const left: string[] = [];
  let bytes = 0;
  for (const rule of rules) {
    const text = ruleText(rule, waivers, must);
    const size = Buffer.byteLength(text) + 2;
    if (bytes + size > ROOM) left.push(`${rule.id}@${rule.rev}`);
    else {
      bytes += size;
      shown.push(text);
    }
  }
  if (left.length > 0)
    shown.push(`Not shown, for there is no room; do not judge by them: ${left.slice(0, 100).join(', ')}`);
  return { text: shown.join('\n\n'), left };
}

function ruleText(rule: Rule, waivers: readonly Waiver[], must: CodexRules['must']): string {
  const { id, rev, title, when, level, status, check, body } = rule;
  const severity = level === 'MUST' && status !== 'trial' ? must : 'suggestion';
  const waived = waivers.filter((waiver) => waiver.rule === id);
  return [
    `# ${id}@${rev}: ${title}`,
    `${level}${status === 'trial' ? ', on trial' : ''}; breaking it is a ${severity}${when === undefined ? '' : `. Occasion: ${when}`}`,
    ...waived.map(
      ({ paths, until, reason }) =>
        `Waived ${paths.length === 0 ? 'everywhere' : `in ${paths.join(', ')}`} until ${until}: ${reason}`,
    ),
    ...(check?.kind === 'model'
      ? [`To be judged: ${check.ask}`, ...(check.doNotFlag ?? []).map((each) => `Do not flag: ${each}`)]
      : []),
    ...(body.trim() === '' ? [] : [body.trim()]),
  ].join('\n');
}
