import { commitMessage, type SafeText } from '../../forge/render/index.ts';
import type { Proposal } from './proposal.ts';

/** Lines of a commit message that name changes. */
const MOST_LINES = 20;

/** The subject, then one line for each change with the place that proves it. */
export function commitMessageOf(
  subject: string,
  { changes }: Pick<Proposal, 'changes'>,
  { ciSkip }: { readonly ciSkip: boolean },
): SafeText {
  const lines = changes.map(({ kind, before, after, evidence: [first] }) => {
    const what = kind === 'removed' ? `no longer true: ${before}` : `${after}`;
    return `- ${what}${first && kind !== 'removed' ? ` (${first.path}:${first.line})` : ''}`;
  });
  const shown =
    lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `- and ${lines.length - MOST_LINES} more`] : lines;
  return commitMessage(subject, shown.join('\n'), { skipCi: ciSkip });
}
