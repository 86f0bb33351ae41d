import type { SearchHit } from '../codex/search.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** Three lines for each rule: what it is, the piece of its text that answers, why it was found. */
export function codexSearchText(hits: readonly SearchHit[], style: Output['style']): string {
  return hits.map((hit) => `${entry(hit, style)}\n`).join('\n');
}

function entry({ rule, heading, snippet, why, applies, successors }: SearchHit, style: Output['style']): string {
  const { id, level, status, title } = rule;
  const instead = successors.length > 0 ? `, now ${successors.join(', ')}` : '';
  const standing = status === 'active' ? '' : ` (${status}${instead})`;
  const where = heading === '' ? '' : `${printableLine(heading)}: `;
  const here = applies === 'no' ? `${style('yellow', 'does not apply here')}; ` : '';
  return [
    `${style('bold', printableLine(id))}  ${level}  ${printableLine(title)}${printableLine(standing)}`,
    `    ${where}${printableLine(snippet)}`,
    `    ${here}${style('dim', printableLine(why))}`,
  ].join('\n');
}
