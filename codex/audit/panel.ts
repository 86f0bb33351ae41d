import type { Agent } from '../../models/agents/agent.ts';
import type { Answer, Prompt } from '../../models/port.ts';
import { asData } from '../../models/tools/index.ts';
import type { Rule } from '../rule.ts';
import type { Waivers } from '../waiver.ts';
import { coveredBy, holdsOn } from '../waivers.ts';
import type { AuditAnswer } from './answer.ts';
import { consensusOf } from './consensus.ts';
import { type Evidence, MOST_EVIDENCE, plainAudit, type RuleAudit, type Vote } from './verdict.ts';
import { type Ground, voteOf } from './vote.ts';

/** Roles that are asked about the same rules, each for itself, with tools that only read. */
export interface Panel {
  /** What all of them are told first. */
  readonly base: string;
  readonly roles: readonly Agent[];
  /** What went wrong is an answer, too; throws only where nobody can be asked as it is configured. */
  ask(question: PanelQuestion): Promise<Answer<AuditAnswer>>;
}

export interface PanelQuestion extends Pick<Agent, 'tier' | 'tools'> {
  readonly agent: string;
  readonly prompt: Prompt;
}

export interface PanelAround extends Ground {
  readonly waivers: Waivers;
  readonly today: string;
  readonly progress?: ((done: number, of: number) => void) | undefined;
}

/** Rules that one question is about: enough to look once for several, few enough to look for each. */
const AT_ONCE = 6;

/** What models say of rules that only a reader can judge. No role hears what another one said; code counts their votes. */
export async function auditByModels(
  rules: readonly Rule[],
  panel: Panel,
  around: PanelAround,
): Promise<readonly RuleAudit[]> {
  const results: RuleAudit[] = [];
  for (let from = 0; from < rules.length; from += AT_ONCE) {
    const some = rules.slice(from, from + AT_ONCE);
    around.progress?.(from, rules.length);
    const shared = rulesText(some);
    const answers = await Promise.all(
      panel.roles.map(async ({ name, tier, tools, prompt }) => ({
        role: name,
        answer: await panel.ask({
          ...{ agent: name, tier, tools },
          prompt: { stable: panel.base, shared, own: ownText(prompt, some) },
        }),
      })),
    );
    for (const rule of some) {
      const votes = await Promise.all(answers.map(({ role, answer }) => voteOf(role, rule.id, answer, around)));
      results.push(counted(rule, votes, around));
    }
  }
  return results;
}

function counted(rule: Rule, votes: readonly Vote[], { waivers, today }: PanelAround): RuleAudit {
  const { verdict, reason, agreeing } = consensusOf(votes);
  const plain = { ...plainAudit(rule), by: 'models', verdict, reason, votes } as const;
  const evidence = union(agreeing);
  if (verdict !== 'NON-COMPLIANT' && verdict !== 'PARTIAL')
    return { ...plain, evidence: evidence.slice(0, MOST_EVIDENCE) };
  const isWaived = waivedPlaces(rule, waivers, today);
  const standing = evidence.filter(({ path }) => !isWaived(path));
  const waived = evidence.length - standing.length;
  const steps = agreeing.find((vote) => vote.steps.length > 0)?.steps ?? [];
  const told = { hits: standing.length, waived, steps };
  if (standing.length > 0) return { ...plain, ...told, evidence: standing.slice(0, MOST_EVIDENCE) };
  return {
    ...{ ...plain, ...told },
    verdict: 'PARTIAL',
    reason: `everything that breaks it is waived; ${reason}`,
    evidence: evidence.slice(0, MOST_EVIDENCE),
  };
}

function union(votes: readonly Vote[]): readonly Evidence[] {
  const all = votes.flatMap(({ evidence }) => evidence);
  return [...new Map(all.map((each) => [`${each.path}:${each.line}`, each])).values()];
}

function waivedPlaces({ id }: Rule, { waivers }: Waivers, today: string): (path: string) => boolean {
  const covers = waivers.filter((waiver) => waiver.rule === id && holdsOn(waiver, today)).map(coveredBy);
  return (path) => covers.some((covered) => covered(path));
}

function ownText(prompt: string, rules: readonly Rule[]): string {
  return `${prompt.trim()}\n\nThe rules to answer for, each once: ${rules.map(({ id }) => id).join(', ')}.`;
}

/** The rules as all roles are given them, byte for byte the same. */
function rulesText(rules: readonly Rule[]): string {
  return `The rules of the engineering codex that you judge by:\n${asData('rules', rules.map(ruleText).join('\n\n'))}`;
}

function ruleText({ id, level, title, when, check, appliesTo, body, examples }: Rule): string {
  const { languages, paths, notPaths } = appliesTo;
  const model = check?.kind === 'model' ? check : undefined;
  const shown = (label: string, text: string | undefined) => (text ? [`${label}: ${text}`] : []);
  const code = (label: string, files: Readonly<Record<string, string>> | undefined) =>
    files ? [`${label}: ${JSON.stringify(files)}`] : [];
  return [
    `# ${id} (${level}): ${title}`,
    ...shown('Occasion', when),
    ...shown('Languages', languages.join(', ')),
    ...shown('Files', paths.join(', ')),
    ...shown('Not in', notPaths.join(', ')),
    ...shown('Question of its reviewers', model?.ask),
    ...(model?.doNotFlag ?? []).map((each) => `Not meant: ${each}`),
    ...code('Broken', examples.bad[0]?.files),
    ...code('Kept', examples.good[0]?.files),
    body.trim(),
  ].join('\n');
}
