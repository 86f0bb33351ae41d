import {
  type Block,
  bullets,
  code,
  codeBlock,
  details,
  heading,
  type Inline,
  link,
  md,
  mention,
  note,
  paragraph,
  type SafeText,
} from '../../forge/render/index.ts';
import type { Usage } from '../../models/port.ts';
import { decisionText } from '../decide/decide.ts';
import { CATEGORIES, type Finding } from '../findings/finding.ts';
import type { Memory } from '../panel/memory.ts';
import type { ModelsReport } from '../panel/panel.ts';
import type { AgentReport } from '../report.ts';
import { leftOut, type Review } from '../review.ts';
import { heardMarks, type Meanings } from '../talk/marks.ts';
import { BREAK_GLASS, type BreakGlassAsked } from './break-glass.ts';
import { memoryMarks, type SummaryMark, summaryMarks } from './marks.ts';
import { findingBlocks, type TextPlace } from './note-text.ts';
import type { Dismissed } from './reconcile.ts';
import { type Tally, tallyMarks } from './tally.ts';

const TITLES: Readonly<Record<Finding['category'], string>> = {
  security: 'Security',
  'code-quality': 'Code quality',
  performance: 'Performance',
  release: 'Release',
  codex: 'Engineering rules',
  'agents-md': 'AGENTS.md',
  documentation: 'Documentation',
};

/** What a review comes to, in the order in which people read it: by category, then how it was done. */
export function reviewBlocks(
  review: Review,
  place: TextPlace,
  /** Fingerprints of findings that stand in a comment of their own: they are only named. */
  told: ReadonlySet<string> = new Set(),
): readonly Block[] {
  const { because, findings, tier, tierBecause, files, agents, offer, models } = review;
  const blocks: Block[] = [decisionHeading(review), paragraph(md`${because}`)];
  for (const category of CATEGORIES) {
    const own = findings.filter((finding) => finding.category === category);
    if (own.length === 0) continue;
    blocks.push(heading(3, md`${TITLES[category]}`));
    for (const finding of own) {
      const [named, ...more] = findingBlocks(finding, { place, applies: null });
      // What holds a merge request up is named, however long it gets.
      blocks.push(finding.severity === 'critical' ? { ...named!, keep: true } : named!);
      if (!told.has(finding.fingerprint)) blocks.push(...more);
    }
  }
  if (offer)
    blocks.push(
      heading(3, md`AGENTS.md`),
      paragraph(md`There is none, and this change is one that agents would have to know of.`),
      details('The AGENTS.md of this repository', [codeBlock(offer.text, 'markdown')]),
    );
  blocks.push(
    details('How it was reviewed', [
      bullets([
        md`${tier} risk: ${tierBecause}`,
        ...agents.map(agentText),
        ...(models ? [modelsText(models)] : []),
        ...(models?.spared ?? []).map(({ name, why }) => md`${code(name)}: not asked, ${why}`),
        ...leftOut(files).map(({ why, paths }) => md`left out, ${why}: ${code(paths.join(', '))}`),
      ]),
    ]),
  );
  return blocks;
}

/** One agent, and what a language model took for it. */
function agentText({ name, state, findings, ms, message, model, usage, cost, calls = 0 }: AgentReport): Inline {
  const took = md`${code(name)}: ${state}, ${String(findings)} findings, ${String(ms)} ms ${message ?? ''}`;
  if (!usage) return took;
  const asked = md`${model ? code(model) : md`no model`}, ${String(calls)} calls, ${tokensText(usage)}`;
  return md`${took} (${asked}${cost ? md`, ${cost.toFixed(4)}` : md``})`;
}

function modelsText({ spent, restarts, rejected }: ModelsReport): Inline {
  const { calls, usage, cost } = spent;
  const sums = md`language models: ${String(calls)} calls, ${tokensText(usage)}`;
  const price = cost === null ? md`` : md`, cost ${cost.toFixed(2)}`;
  return md`${sums}${price}, ${String(rejected.length)} findings did not hold, restarted ${String(restarts)} times`;
}

function tokensText({ inputTokens, cachedTokens, outputTokens }: Usage): string {
  return `${inputTokens} tokens in (${cachedTokens} cached), ${outputTokens} out`;
}

export interface SummaryInput {
  readonly review: Review;
  readonly told: ReadonlySet<string>;
  readonly dismissed: readonly Dismissed[];
  readonly refused: BreakGlassAsked['refused'];
  /** Findings whose comment could not be brought there, and why. */
  readonly lost: ReadonlyMap<string, string>;
  readonly mark: SummaryMark;
  readonly memory?: Memory | undefined;
  /** What all reviews came to. */
  readonly tally?: Tally | undefined;
  /** What people mean, by their notes. */
  readonly heard?: Meanings | undefined;
  /** Why its decision has no effect, as of a bot's merge request; '' where it has one. */
  readonly withoutEffect: string;
  /** Address of the job, which can be run again there. */
  readonly job: string | undefined;
  /** Who may overrule it. */
  readonly role: string;
}

/** The one comment that sums a review up; it is kept up to date. */
export function summaryNote(input: SummaryInput, place: TextPlace): SafeText {
  const { review, told, dismissed, refused, lost, withoutEffect, job, role } = input;
  const blocks = [...reviewBlocks(review, place, told)];
  if (withoutEffect !== '') blocks.splice(2, 0, paragraph(md`It is not approved by this: ${withoutEffect}.`));
  const left = dismissed.map(({ finding, by, counts }) => {
    const who = by === null ? md`somebody` : code(by.username);
    const still = counts ? md`(it counts all the same, for it is critical)` : md``;
    return md`${finding.title}, left as it is by ${who} ${still}`;
  });
  if (left.length > 0) blocks.push(details('Left as it is', [bullets(left)]));
  if (lost.size > 0)
    blocks.push(
      paragraph(
        md`${String(lost.size)} comments could not be brought to their places; the log of the job has them all.`,
      ),
    );
  for (const { by, because } of refused)
    blocks.push(
      paragraph(md`${mention(by.username)} asked for this review to be overruled; that does not count: ${because}.`),
    );
  blocks.push(paragraph(help(job, role, place)), ...memoryMarks(input.memory));
  blocks.push(...heardMarks(input.heard ?? new Map()), ...tallyMarks(input.tally), ...summaryMarks(input.mark));
  return note(place, blocks);
}

/** What is left of it where the gate refuses its text: nothing that anybody wrote. */
export function bareSummary(
  { review, mark, tally }: Pick<SummaryInput, 'review' | 'mark' | 'tally'>,
  place: TextPlace,
): SafeText {
  return note(place, [
    decisionHeading(review),
    paragraph(
      md`There are ${String(review.findings.length)} findings. What is to be told of them cannot be shown here; the log of the job has it all.`,
    ),
    ...tallyMarks(tally),
    ...summaryMarks(mark),
  ]);
}

function decisionHeading(review: Review): Block {
  const decided = decisionText(review);
  return heading(2, md`${decided[0]!.toUpperCase()}${decided.slice(1)}`);
}

function help(job: string | undefined, role: string, place: TextPlace) {
  const again =
    job === undefined
      ? md`A new pipeline reviews it again.`
      : md`${link(place, 'Run the job again', job)} for another review.`;
  return md`${again} A thread ends when it is resolved, or answered with ${code("won't fix")}. A ${role} who did not open the merge request overrules the review with a comment that begins with ${code(BREAK_GLASS)}.`;
}

/** What stands in the summary's place once a person overruled the review. */
export function overruledNote(
  {
    by,
    reason,
    unapproved,
    mark,
    tally,
  }: {
    readonly by: string;
    readonly reason: string;
    /** Why we do not approve it; '' where we do. */
    readonly unapproved: string;
    readonly mark: SummaryMark;
    /** What the reviews before it came to. */
    readonly tally: Tally;
  },
  place: TextPlace,
): SafeText {
  const why = reason === '' ? md`No reason was given.` : md`The reason: ${reason}`;
  return note(place, [
    heading(2, md`Overruled`),
    paragraph(
      md`${mention(by)} overruled the review of ${code(mark.head.slice(0, 12))}. Nothing was looked at. ${why}`,
    ),
    ...(unapproved === '' ? [] : [paragraph(md`It is not approved by us: ${unapproved}. The job lets it pass.`)]),
    ...tallyMarks(tally),
    ...summaryMarks(mark),
  ]);
}
