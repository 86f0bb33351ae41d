import type { RepoReader } from '../../forge/reader.ts';
import { codexWorld } from '../check/codex/world.ts';
import { worldOf } from '../check/index.ts';
import { judge } from '../check/judge.ts';
import { RULES } from '../check/rules/index.ts';
import { documentOf } from '../documents/parse.ts';
import type { Item } from '../item.ts';
import { render } from '../render.ts';
import type { CodexContext } from '../sections/rules.ts';
import { type Claim, claimOf } from './claim.ts';
import { GATES, GATES_OF_NEW, type Gate } from './gates.ts';
import type { Ground } from './ground.ts';
import type { Proposed } from './port.ts';

export interface Refusal {
  readonly gate: string;
  readonly reason: string;
}

/** What is wrong with a proposed bullet, by the first gate that does not let it through. */
export function refusalOf(claim: Claim, ground: Ground, gates: readonly Gate[]): Refusal | undefined {
  for (const { name, refuses } of gates) {
    const reason = refuses(claim, ground);
    if (reason !== undefined) return { gate: name, reason };
  }
  return undefined;
}

export interface Judged {
  readonly passed: readonly { readonly claim: Claim; readonly isNew: boolean }[];
  readonly refused: readonly (Refusal & { readonly text: string; readonly proposed: Proposed })[];
}

/** A file has at most so many bullets that a model proposed. */
const MOST_PROPOSED = 8;

/**
 * Which bullets of a model pass all gates, each told apart from those before it.
 *
 * @param held bullets that passed once and are merged, or proposed in an open merge request: they come first, and need not be new.
 */
export function judged(held: readonly Proposed[], proposed: readonly Proposed[], ground: Ground): Judged {
  const passed: { readonly claim: Claim; readonly isNew: boolean }[] = [];
  const refused: Judged['refused'][number][] = [];
  for (const [at, each] of [...held, ...proposed].entries()) {
    const claim = claimOf(each);
    const isNew = at >= held.length;
    const gates = isNew ? [...GATES, ...GATES_OF_NEW] : GATES;
    const said = [...ground.said, ...passed.map((other) => other.claim.text)];
    const full = passed.length >= MOST_PROPOSED;
    const refusal = full
      ? { gate: 'count', reason: `a file has at most ${MOST_PROPOSED} bullets of a model` }
      : refusalOf(claim, { ...ground, said }, gates);
    if (refusal === undefined) passed.push({ claim, isNew });
    else refused.push({ ...refusal, text: claim.text, proposed: each });
  }
  return { passed, refused };
}

/** What `agentsmd check` says of bullets of a file as it would be, by their texts. */
export async function checkedFile(
  items: readonly Item[],
  reader: RepoReader,
  codex: CodexContext | undefined,
): Promise<ReadonlyMap<string, string>> {
  const document = documentOf(render(items));
  // A survey of its own: the rules want to know of dependencies, which nobody else needs for a draft.
  const known = await worldOf(reader, [document], RULES);
  const world = codex === undefined ? known : { ...known, codex: await codexWorld(codex, reader, known.survey) };
  const findings = await judge([document], world, RULES);
  return new Map(
    findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ line, rule, message }) => [document.lines.line(line).replace(/^- /, ''), `${rule} ${message}`]),
  );
}
