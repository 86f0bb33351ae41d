import { stringify } from 'yaml';
import { isAlwaysTold } from '../../../codex/feedback.ts';
import type { Rule } from '../../../codex/rule.ts';
import { FULL_ID } from '../../../forge/object-id.ts';
import type { MergeRequest } from '../../../forge/port.ts';
import {
  bullets,
  code,
  codeBlock,
  heading,
  type Inline,
  link,
  md,
  paragraph,
  type RenderPolicy,
  type SafeText,
  title,
} from '../../../forge/render/index.ts';
import { ownDescription, ownMarkerIn } from '../../../generator/publish/own-description.ts';
import type { JudgedRule } from './judged.ts';
import type { GoodLine } from './narrowing.ts';
import type { Sample } from './settled.ts';

/** What the next run must know of a merge request about a rule: hidden in its description. */
export interface OwnerMarker {
  readonly v: 1;
  readonly rule: string;
  readonly rev: number;
  /** What it tells, and since when that is so. */
  readonly state: 'probation' | 'muted';
  readonly since: string;
  /** The tip of the branch that we wrote. */
  readonly tip: string;
}

const MARKER_NAME = 'codex-rule';

/** See {@link ownMarkerIn}. */
export async function ownerMarkerOf(of: Pick<MergeRequest, 'description'>): Promise<OwnerMarker | null> {
  return await ownMarkerIn(of, MARKER_NAME, (z) =>
    z.strictObject({
      v: z.literal(1),
      rule: z.string().min(1).max(200),
      rev: z.int().min(1),
      state: z.enum(['probation', 'muted']),
      since: z.iso.datetime(),
      tip: z.string().regex(FULL_ID),
    }),
  );
}

export function ownerTitle({ rule }: JudgedRule, state: OwnerMarker['state']): SafeText {
  return title(state === 'muted' ? `${rule} is muted: people do not want what it finds` : `${rule} is on probation`);
}

export interface OwnerText {
  readonly rule: Rule;
  readonly judged: JudgedRule;
  readonly samples: readonly Sample[];
  /** Paths of repositories in which alone nothing of it is wanted. */
  readonly alone: readonly string[];
  /** What the diff does, for people. */
  readonly edits: readonly string[];
  /** Lines that the check flags and should not. */
  readonly open: readonly GoodLine[];
  readonly windowDays: number;
  readonly policy: RenderPolicy;
}

/** @param known the description it has, of which people's own words stay. */
export function ownerDescription(about: OwnerText, marker: OwnerMarker, known = ''): SafeText {
  const { rule, judged, samples, alone, edits, open, windowDays, policy } = about;
  const { settled, unwanted, lower, shares } = judged;
  const cited = code(`${judged.rule}@${judged.rev}`);
  const share = Math.floor(lower * 100);
  const blocks = [
    paragraph(
      md`Of ${settled} findings of ${cited} that were settled in ${windowDays} days, people in ${shares.size} repositories dismissed or ignored ${unwanted}: at least ${share} % are unwanted, whichever single repository is left out.`,
    ),
    paragraph(effectOf(rule, marker.state)),
    ...(samples.length === 0
      ? []
      : [heading(3, md`The last of them`), bullets(samples.map((sample) => sampleLine(sample, policy)))]),
    ...(alone.length === 0 ? [] : aloneBlocks(judged, alone)),
    heading(3, md`What this changes`),
    bullets(edits.map((edit) => md`${edit}`)),
    ...(open.length === 0 ? [] : openBlocks(open)),
    heading(3, md`What you can do`),
    bullets([
      md`Mend the rule, here or elsewhere: with the next revision in ${code('ids.json')} it is told in full again, and counted anew. Lines above that it should let pass belong among its ${code('good')} examples: lint then fails until the check is right.`,
      md`Close this where the rule is right as it is: the same, and no other follows for what was counted so far.`,
      md`Commit to this branch, and it is yours: it is left alone from then on.`,
    ]),
  ];
  return ownDescription(policy, blocks, { name: MARKER_NAME, data: marker }, known);
}

function effectOf(rule: Rule, state: OwnerMarker['state']): Inline {
  if (isAlwaysTold(rule)) return md`It is told in full all the same, for it is one of those that always are.`;
  return state === 'muted'
    ? md`Reviews do not tell it any more, they only count it, and ${code('AGENTS.md')} files do not name it.`
    : md`Reviews tell it one severity lower, and it holds no merge request up.`;
}

function sampleLine(sample: Sample, policy: RenderPolicy): Inline {
  const { repository, key, iid, path, line, title: said, url, reason, quote } = sample;
  const name = `${repository ?? key}!${iid}`;
  const where = url === null ? code(name) : link(policy, code(name), url);
  const place = code(line === 0 ? path : `${path}:${line}`);
  const why = reason === null ? md`ignored` : md`${reason}`;
  if (quote === null) return md`${where}, ${place}: ${said} (${why})`;
  return md`${where}, ${place}: ${said} (${why}): ${code(quote)}`;
}

/** As they would stand in the rule's file. */
function openBlocks(open: readonly GoodLine[]) {
  const examples = stringify({ examples: { good: open } }, { lineWidth: 0 });
  return [
    heading(3, md`What it should let pass`),
    paragraph(
      md`People said that it is wrong here. The check finds each of these lines by itself: as ${code('good')} examples they keep lint from passing until it is right, so they are not in the diff.`,
    ),
    codeBlock(examples, 'yaml'),
  ];
}

function aloneBlocks({ rule }: JudgedRule, alone: readonly string[]) {
  const waiver = [`- rule: ${rule}`, "  paths: ['...']", '  reason: ...', "  until: '...'", '  approved-by: ...'];
  return [
    heading(3, md`Where nothing of it is wanted`),
    bullets(alone.map((path) => code(path))),
    paragraph(
      md`There a waiver may be enough, in ${code('.agentsmd/waivers.yaml')}, or ${code('not-paths')} in the rule:`,
    ),
    codeBlock(waiver.join('\n'), 'yaml'),
  ];
}
