import type { Codex } from '../../codex/codex.ts';
import { loadCodex } from '../../codex/load.ts';
import { dayOf } from '../../codex/waivers.ts';
import type { Change } from '../../forge/git/change.ts';
import type { ReviewConfig } from '../../reviewer/config.ts';
import { type Review, review } from '../../reviewer/review.ts';
import { catalogPort } from '../catalog-context.ts';
import type { CommandInput, CommandModule, ExitCode } from '../command.ts';
import type { LoadedConfig } from '../config/load.ts';
import { configOfChange } from '../config-of-change.ts';
import { IncompleteError, UsageError } from '../errors.ts';
import { codexSource, warnOfCodex } from '../open-codex.ts';
import { printableLine } from '../printable.ts';
import { reviewDocument } from '../review-document.ts';
import { openReview, type ReviewWish, reviewWish, titlesOf } from '../review-target.ts';
import { reviewText } from '../review-text.ts';

type Format = 'text' | 'markdown' | 'json' | 'sarif' | 'code-quality';

/** Reviews a change by everything that can be computed: no model, no server. */
export const run: CommandModule['run'] = async (input) => {
  const format = formatOf(input);
  const wish = await reviewWish(input);
  try {
    return await reviewWhatIsWished(wish, format, input);
  } finally {
    await wish.close();
  }
};

async function reviewWhatIsWished(wish: ReviewWish, format: Format, input: CommandInput): Promise<ExitCode> {
  const { out } = input;
  // A change must not choose what it is judged by.
  const target = { rev: wish.staged ? 'HEAD' : wish.base, repo: wish.job && wish.repo };
  const { config, codexOf } = await configOfChange(input, target);
  const source = codexSource(input, config);
  out.progress('reading the change');
  const [opening, loading] = await Promise.allSettled([
    openReview(wish, config.values),
    source === undefined ? undefined : loadCodex(codexOf(source)),
  ]);
  if (opening.status === 'rejected') throw opening.reason;
  const change = opening.value;
  try {
    if (loading.status === 'rejected') throw loading.reason;
    const codex = loading.value;
    const result = await reviewed(wish, change, codex, config, input);
    out.progress('');
    await print(result, { format, wish, change, codex, input });
    note(result, codex, input);
    return exitCode(result, modeOf(input, config.values.review), config.values.review, out);
  } finally {
    await change.close();
  }
}

function formatOf(input: CommandInput): Format {
  const format = input.text('format') as Format | undefined;
  if (input.json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return input.json ? 'json' : (format ?? 'text');
}

function modeOf(input: CommandInput, { mode }: ReviewConfig): ReviewConfig['mode'] {
  return (input.text('mode') as ReviewConfig['mode'] | undefined) ?? mode;
}

async function reviewed(
  wish: ReviewWish,
  { files, before, after, target }: Change,
  codex: Codex | undefined,
  config: LoadedConfig,
  { out }: CommandInput,
): Promise<Review> {
  out.progress(`reviewing ${files.length} files`);
  return await review({
    ...{ files, before, after, target, codex },
    said: await titlesOf(wish, { before }),
    catalog: catalogPort(config, wish.folder, target, out),
    today: dayOf(new Date()),
    must: config.values.review.must,
  });
}

interface Printing {
  readonly format: Format;
  readonly wish: ReviewWish;
  readonly change: Change;
  readonly codex: Codex | undefined;
  readonly input: CommandInput;
}

async function print(result: Review, { format, change, codex, input: { out } }: Printing): Promise<void> {
  switch (format) {
    case 'json':
      return out.document(reviewDocument(result, change));
    case 'text':
      return out.result(await reviewText(result, change, out.style));
    case 'markdown': {
      const { reviewMarkdown } = await import('../review-markdown.ts');
      return out.result(reviewMarkdown(result));
    }
    case 'code-quality': {
      const [{ reviewCodeQuality }, { printableJson }] = await Promise.all([
        import('../review-reports.ts'),
        import('../printable.ts'),
      ]);
      return out.result(printableJson(reviewCodeQuality(result)));
    }
    case 'sarif': {
      const [{ reviewSarif }, { printableJson }] = await Promise.all([
        import('../review-reports.ts'),
        import('../printable.ts'),
      ]);
      return out.result(printableJson(reviewSarif(result, codex)));
    }
  }
}

function note({ dropped, agents, codex: checked }: Review, codex: Codex | undefined, { out }: CommandInput): void {
  if (codex) warnOfCodex(codex, out);
  for (const { name, state, message } of agents)
    if (state !== 'done') out.warn(printableLine(`${name}: ${state}${message === null ? '' : `: ${message}`}`));
  for (const { finding, reason, detail } of dropped)
    out.debug(printableLine(`dropped, ${reason} (${detail}): ${finding.title}`));
  for (const { path, reason } of checked?.unread ?? [])
    out.note(printableLine(`${path}: not checked against the codex: ${reason}`));
  for (const { rule, reason } of checked?.failed ?? []) out.debug(printableLine(`${rule}: not checked: ${reason}`));
}

/** What holds up: a decision against it, and that not everything was looked at. */
function exitCode(
  { decision, because }: Review,
  mode: ReviewConfig['mode'],
  { onFailure }: ReviewConfig,
  out: CommandInput['out'],
): ExitCode {
  if (decision === null) {
    if (mode === 'blocking' && onFailure === 'block') throw new IncompleteError(`no decision: ${because}`);
    out.warn(`no decision: ${printableLine(because)}`);
    return 0;
  }
  const against = decision === 'minor_issues' || decision === 'significant_concerns';
  if (against && mode !== 'blocking') out.note(`${mode}: this holds nothing up`);
  return against && mode === 'blocking' ? 1 : 0;
}
