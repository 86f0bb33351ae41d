import type { Codex } from '../../codex/codex.ts';
import { loadCodex } from '../../codex/load.ts';
import { dayOf } from '../../codex/waivers.ts';
import type { Change } from '../../forge/git/change.ts';
import { type ReviewKeys, type ReviewMode, reviewKeysFor } from '../../reviewer/config.ts';
import { NO_CHANGE, type Review, review } from '../../reviewer/review.ts';
import { type Policy, policyFor } from '../../reviewer/scope/policy.ts';
import { catalogPort, servers } from '../catalog-context.ts';
import type { CommandInput, CommandModule, ExitCode } from '../command.ts';
import type { LoadedConfig } from '../config/load.ts';
import { configOfChange } from '../config-of-change.ts';
import { IncompleteError, UsageError } from '../errors.ts';
import { localProject } from '../local-project.ts';
import { codexSource, isChosen, warnOfCodex } from '../open-codex.ts';
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
  const keys = await keysOf(wish, config, input);
  const policy = wish.job && policyFor({ ...wish.job, author: undefined }, keys);
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
    const { files, before, after, target } = change;
    out.progress(`reviewing ${files.length} files`);
    const result = await review({
      ...{ files, before, after, target, codex },
      said: await titlesOf(wish, { before }),
      catalog: catalogPort(config, wish.folder, target, out),
      today: dayOf(new Date()),
      ...{
        must: keys.must,
        skipped: policy?.skipped,
        unchosen: input.text('codex') === undefined && !isChosen(config),
      },
    });
    out.progress('');
    await print(result, { format, policy, keys, change, codex, input });
    note(result, codex, input);
    return exitCode(result, keys, out);
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

/** What holds for the project: that of the merge request, else the one that the clone's origin names. */
async function keysOf(wish: ReviewWish, config: LoadedConfig, input: CommandInput): Promise<ReviewKeys> {
  const { review: own } = config.values;
  const isAsked = Object.keys(own.groups).length > 0;
  const project = wish.job?.project ?? (isAsked ? (await localProject(wish.folder, servers(config))).path : undefined);
  const keys = reviewKeysFor(own, project);
  const mode = input.text('mode') as ReviewMode | undefined;
  return mode === undefined ? keys : { ...keys, mode };
}

interface Printing {
  readonly format: Format;
  /** Of a merge request. */
  readonly policy: Policy | undefined;
  readonly keys: ReviewKeys;
  readonly change: Change;
  readonly codex: Codex | undefined;
  readonly input: CommandInput;
}

async function print(result: Review, { format, policy, keys, change, codex, input: { out } }: Printing): Promise<void> {
  switch (format) {
    case 'json':
      return out.document(reviewDocument(result, change, policy && { policy, keys }));
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
  { decision, because, skipped }: Review,
  { mode, onFailure }: ReviewKeys,
  out: CommandInput['out'],
): ExitCode {
  if (skipped === NO_CHANGE) return 0;
  if (decision === null) {
    if (mode === 'blocking' && onFailure === 'block') throw new IncompleteError(`no decision: ${because}`);
    out.warn(`no decision: ${printableLine(because)}`);
    return 0;
  }
  const against = decision === 'minor_issues' || decision === 'significant_concerns';
  if (against && mode !== 'blocking') out.note(`${mode}: this holds nothing up`);
  return against && mode === 'blocking' ? 1 : 0;
}
