import type { Codex } from '../codex/codex.ts';
import type { Change } from '../forge/git/change.ts';
import type { Review } from '../reviewer/review.ts';
import type { CommandInput } from './command.ts';
import { UsageError } from './errors.ts';
import { warnOfCodex } from './open-codex.ts';
import { printableLine } from './printable.ts';
import { requestsText } from './publish-text.ts';
import { type AboutMergeRequest, reviewDocument } from './review-document.ts';
import type { ReviewFormat } from './review-output.ts';
import type { ReviewSession } from './review-session.ts';
import { reviewText } from './review-text.ts';

/** @throws {UsageError} */
export function formatOf(input: CommandInput): ReviewFormat {
  const format = input.text('format') as ReviewFormat | undefined;
  if (input.json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return input.json ? 'json' : (format ?? 'text');
}

export interface Printing {
  readonly format: ReviewFormat;
  /** Of a merge request. */
  readonly about: AboutMergeRequest | undefined;
  readonly change: Pick<Change, 'before' | 'after'>;
  readonly codex: Codex | undefined;
  readonly input: CommandInput;
  readonly session: ReviewSession | undefined;
}

/** Prints a review, and what a dry run would have sent. */
export async function printReview(result: Review, printing: Printing): Promise<void> {
  const { format, about, change, codex, session } = printing;
  const { out } = printing.input;
  const requests = session?.place.writes === 'dry-run' ? session.requests : undefined;
  switch (format) {
    case 'json':
      return out.document(reviewDocument(result, change, about, requests));
    case 'text':
      out.result(await reviewText(result, change, out.style));
      if (requests) out.result(`\n${requestsText(requests, out.style)}`);
      return;
    case 'markdown': {
      const { reviewMarkdown } = await import('./review-markdown.ts');
      return out.result(reviewMarkdown(result));
    }
    case 'code-quality': {
      const [{ reviewCodeQuality }, { printableJson }] = await Promise.all([
        import('./review-reports.ts'),
        import('./printable.ts'),
      ]);
      return out.result(printableJson(reviewCodeQuality(result)));
    }
    case 'sarif': {
      const [{ reviewSarif }, { printableJson }] = await Promise.all([
        import('./review-reports.ts'),
        import('./printable.ts'),
      ]);
      return out.result(printableJson(reviewSarif(result, codex)));
    }
  }
}

/** Says on stderr what was left out, and why. */
export function noteReview(
  { dropped, agents, codex: checked }: Review,
  codex: Codex | undefined,
  { out }: CommandInput,
): void {
  if (codex) warnOfCodex(codex, out);
  for (const { name, state, message } of agents)
    if (state !== 'done') out.warn(printableLine(`${name}: ${state}${message === null ? '' : `: ${message}`}`));
  for (const { finding, reason, detail } of dropped)
    out.debug(printableLine(`dropped, ${reason} (${detail}): ${finding.title}`));
  for (const { path, reason } of checked?.unread ?? [])
    out.note(printableLine(`${path}: not checked against the codex: ${reason}`));
  for (const { rule, reason } of checked?.failed ?? []) out.debug(printableLine(`${rule}: not checked: ${reason}`));
}
