import { parse } from 'yaml';
import { memoryRepository } from '../../forge/memory.ts';
import { asData } from '../../models/tools/as-data.ts';
import { lintCodex } from '../lint/index.ts';
import { readCodex } from '../read-codex.ts';
import { visibleText } from '../visible-text.ts';
import type { GivenCheck } from './answers.ts';
import { type Asking, ask } from './ask.ts';
import { sectionData } from './extract.ts';
import { type NewRule, ruleFile } from './rule-text.ts';
import type { Unit } from './units.ts';

/** A check that its own examples prove, or a question for a reviewer. */
export interface ProvenCheck {
  readonly check: object;
  readonly examples?: object;
}

export interface Checks {
  /** By ID. */
  readonly proven: ReadonlyMap<string, ProvenCheck>;
  readonly notes: readonly string[];
}

/** Kinds that a program runs and that a model may propose. */
const KINDS: ReadonlySet<unknown> = new Set([
  'ast-grep',
  'file-content',
  'dependency-ban',
  'required-file',
  'forbidden-edit',
  'config-value',
]);
const LONGEST = 20_000;
const LONGEST_ASK = 500;

/**
 * Has checks proposed for the rules of one section, and takes those that their examples prove: each bad one fires, each good one is
 * silent, all parse. What is refused goes back once with the reasons; then the question for a reviewer is left, or nothing.
 */
export async function proposeChecks(
  unit: Unit,
  rules: readonly NewRule[],
  today: string,
  asking: Asking,
): Promise<Checks> {
  const proven = new Map<string, ProvenCheck>();
  const asks = new Map<string, string>();
  let refused = new Map<string, string>(rules.map(({ id }) => [id, '']));
  for (let turn = 0; turn < 2 && refused.size > 0; turn += 1) {
    const shown = rules
      .filter(({ id }) => refused.has(id))
      .map((rule) => ({
        ...shownRule(rule),
        ...(refused.get(rule.id) === '' ? {} : { refused: refused.get(rule.id) }),
      }));
    const own = asData('rules that want a check', JSON.stringify(shown, null, 1));
    const answer = await ask('codex-prover', { shared: sectionData(unit), own }, asking);
    if (!answer.ok) {
      const notes = [`${[...refused.keys()].join(', ')}: no check proposed: ${answer.message}`];
      return { proven: withAsks(proven, asks), notes };
    }
    answer.keep();
    const given = new Map(answer.value.checks.map((each) => [each.rule, each]));
    const still = new Map<string, string>();
    for (const rule of rules.filter(({ id }) => refused.has(id))) {
      const one = given.get(rule.id);
      if (one && plainAsk(one.ask) !== '') asks.set(rule.id, plainAsk(one.ask));
      if (!one || one.check.trim() === '') continue;
      const result = await proved(rule, one, today);
      if (typeof result === 'string') still.set(rule.id, result);
      else proven.set(rule.id, result);
    }
    refused = still;
  }
  const notes = [...refused].map(([id, reason]) => `${id}: a proposed check was not taken: ${reason}`);
  return { proven: withAsks(proven, asks), notes };
}

function withAsks(
  proven: ReadonlyMap<string, ProvenCheck>,
  asks: ReadonlyMap<string, string>,
): ReadonlyMap<string, ProvenCheck> {
  const all = new Map(proven);
  for (const [id, text] of asks) if (!all.has(id)) all.set(id, { check: { kind: 'model', ask: text } });
  return all;
}

function shownRule({ id, candidate: { title, statement, level, quote, appliesTo } }: NewRule): object {
  return { rule: id, title, text: statement, level, quote, appliesTo };
}

/** A question on one line. */
function plainAsk(text: string): string {
  const line = visibleText(text).replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_ASK && !/<[a-z!/?]/i.test(line) ? line : '';
}

/** The check with its examples, or why it proves nothing. */
async function proved(rule: NewRule, given: GivenCheck, today: string): Promise<ProvenCheck | string> {
  if (JSON.stringify(given).length > LONGEST) return 'it is too long';
  let check: unknown;
  try {
    check = parse(given.check);
  } catch (error) {
    return `it is no YAML: ${(error as Error).message.split('\n')[0]}`;
  }
  if (typeof check !== 'object' || check === null) return 'it is no check';
  if (!KINDS.has((check as { kind?: unknown }).kind)) return `its kind is none of ${[...KINDS].join(', ')}`;
  if (given.bad.length === 0 || given.good.length === 0) return 'it needs a bad and a good example';
  const examples = { bad: given.bad.map(exampleData), good: given.good.map(exampleData) };
  // As if it were in use already: drafts may do without proofs.
  const text = ruleFile({ ...rule, status: 'trial', check, examples });
  const file = `${rule.id}.md`;
  const files = await readCodex(memoryRepository({ [file]: text }), { origin: 'codex' });
  const [problem] = files.codex.problems;
  if (problem) return problem.message;
  const findings = await lintCodex(files, { today });
  const wrong = findings.filter(({ lint, severity }) => NEEDED.has(lint) || (severity === 'error' && PROOF.test(lint)));
  return wrong.length === 0 ? { check, examples } : wrong.map(({ message }) => message).join('; ');
}

/** Of scopes, checks and their examples, and safety. */
const PROOF = /^CDX[258]/;
/** A check that cannot run here proves nothing here. */
const NEEDED: ReadonlySet<string> = new Set(['CDX503']);

function exampleData({ files }: GivenCheck['bad'][number]): object {
  const [only] = files;
  if (files.length === 1 && only) return { path: only.path, code: only.code };
  return { files: Object.fromEntries(files.map(({ path, code }) => [path, code])) };
}
