import type { Project } from '../../forge/port.ts';
import { code, type Inline, link, md, type RenderPolicy } from '../../forge/render/index.ts';
import { RULE_KEY } from '../item.ts';
import { CATALOG_KEY } from '../sections/dependencies.ts';
import { bulletText } from './bullet-text.ts';
import type { ProposedChange } from './proposal.ts';

/** Where links lead. */
interface Place {
  readonly project: Project;
  readonly policy: RenderPolicy;
  /** The commit. */
  readonly base: string;
}

/** As many places are linked for each line; for a list as many as it has items, up to the second number. */
const MOST_EVIDENCE = 3;
const MOST_OF_A_LIST = 6;

/** A change of a list with its number, and what it rests on. */
export function changeLine(change: ProposedChange, place: Place, isNewFile: boolean): Inline {
  const { number, kind, before, after } = change;
  const proof = proofOf(change, place);
  const says = (bullet: string | null): Inline => {
    const said = bulletText(bullet ?? '');
    return proof.length === 0 ? said : md`${said} (${proof.reduce((all, next) => md`${all}, ${next}`)})`;
  };
  if (kind === 'added' && isNewFile) return md`${number} · ${says(after)}`;
  if (kind === 'added') return md`${number} · added: ${says(after)}`;
  if (kind === 'removed') return md`${number} · removed: ${bulletText(before ?? '')}`;
  return md`${number} · updated: ${says(after)}; it was: ${bulletText(before ?? '')}`;
}

/** What a line rests on. */
function proofOf({ key, after, evidence, because, said }: ProposedChange, place: Place): readonly Inline[] {
  if (said) return [md`as a member said`];
  if (key.startsWith(CATALOG_KEY)) return [md`the catalog`];
  const most = Math.min(Math.max(itemsIn(after ?? ''), MOST_EVIDENCE), MOST_OF_A_LIST);
  const places = new Map(evidence.map(({ path, line }) => [`${path}:${line}`, { path, line }]));
  const links = [...places.values()].slice(0, most).map(({ path, line }) => placeOf(path, line, place));
  // The files tell that a rule applies, not what it says.
  const why = because === undefined ? [] : [md`${because}`];
  return key.startsWith(RULE_KEY) ? [md`the codex`, ...why, ...links] : links;
}

/** Of a list with commas in it, outside of code. */
function itemsIn(bullet: string): number {
  return bullet.replace(/`[^`]*`/g, '').split(/,|\band\b/).length;
}

/** A link to a line of a file. */
export function placeOf(path: string, line: number, { project, policy, base }: Place): Inline {
  const url = `${project.url}/-/blob/${base}/${path.split('/').map(encodeURIComponent).join('/')}#L${line}`;
  return link(policy, code(`${path}:${line}`), url);
}
