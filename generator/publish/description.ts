import type { Forge, Project } from '../../forge/port.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  type Inline,
  link,
  marker as markerBlock,
  md,
  note,
  paragraph,
  type RenderPolicy,
  type SafeText,
  text,
} from '../../forge/render/index.ts';
import { LEDGER_PATH } from '../refresh/ledger.ts';
import { bulletText } from './bullet-text.ts';
import { LABEL, MARKER_NAME, type Marker } from './marker.ts';
import type { Proposal, ProposedChange } from './proposal.ts';
import { digest } from './proposal.ts';
import type { Reviewers } from './reviewers.ts';
import type { Settings } from './settings.ts';

/** What a description is made of. */
export interface Described {
  readonly forge: Forge['kind'];
  readonly project: Project;
  readonly proposal: Proposal;
  readonly settings: Settings;
  readonly policy: RenderPolicy;
  /** Where the team says what it wants, or would. */
  readonly teamFile: string;
  /** What of the team's settings was not taken. */
  readonly problems: readonly string[];
}

/** The description of a merge request, with the marker of what it proposes hidden in it. */
export function descriptionOf(described: Described, marker: Marker): SafeText {
  const { policy } = described;
  return note(policy, [
    ...introduction(described.proposal),
    ...changes(described, marker.base),
    ...asked(described.proposal),
    ...rules(described.proposal),
    ...falseLines(described, marker.base),
    ...stillOpen(described.proposal),
    ...notTaken(described.problems),
    ...whatNext(marker.reviewers, described),
    markerBlock(MARKER_NAME, marker),
  ]);
}

/** A hash of what a description says beside the proposed lines: where it changes, so must the description. */
export function saidOf({
  proposal,
  problems,
  settings,
  teamFile,
}: Omit<Described, 'policy' | 'project' | 'forge'>): string {
  const { reports, open } = proposal;
  return digest([
    FORM,
    reports.map(({ path, message, suggestion }) => [path, message, suggestion]),
    open.map(({ path, before, offered }) => [path, before, offered]),
    problems,
    settings.optOutTopics,
    settings.teamMaySet.includes('enabled'),
    teamFile,
  ]);
}

/** Counts up when the description says something else, so that open merge requests follow. */
const FORM = 1;

function introduction({ path, isNew }: Proposal): readonly Block[] {
  const what = isNew ? md`This adds ${code(path)}` : md`This brings ${code(path)} up to date`;
  return [
    paragraph(
      md`${what}: what a coding agent would get wrong in this repository if nobody told it. Every line rests on the files linked behind it; nothing was executed to find them, and what people wrote stays as it is.`,
    ),
  ];
}

/** Characters of a list: beyond them the diff has to do. */
const LIST_LIMIT = 20_000;
const SHORT_LIMIT = 6_000;

function changes({ project, proposal, policy }: Described, base: string): readonly Block[] {
  return [...Map.groupBy(proposal.changes, ({ path }) => path)].flatMap(([path, group]) => [
    heading(3, md`What changes in ${code(path)}`),
    capped(
      group.map((change) => line(change, { project, policy, base })),
      LIST_LIMIT,
      'the diff shows them',
    ),
  ]);
}

interface Place {
  readonly project: Project;
  readonly policy: RenderPolicy;
  readonly base: string;
}

/** As many places are linked for each line. */
const MOST_EVIDENCE = 3;

function line({ number, kind, before, after, evidence }: ProposedChange, place: Place): Inline {
  const proof = evidence.slice(0, MOST_EVIDENCE).map(({ path, line }) => placeOf(path, line, place));
  const says = (bullet: string | null): Inline => {
    const said = bulletText(bullet ?? '');
    return proof.length === 0 ? said : md`${said} (${proof.reduce((all, next) => md`${all}, ${next}`)})`;
  };
  if (kind === 'added') return md`${number} · added: ${says(after)}`;
  if (kind === 'removed') return md`${number} · removed: ${bulletText(before ?? '')}`;
  return md`${number} · updated: ${says(after)}; it was: ${bulletText(before ?? '')}`;
}

function placeOf(path: string, line: number, { project, policy, base }: Place): Inline {
  const url = `${project.url}/-/blob/${base}/${path.split('/').map(encodeURIComponent).join('/')}#L${line}`;
  return link(policy, code(`${path}:${line}`), url);
}

function asked({ outcomes, bullets: ours }: Proposal): readonly Block[] {
  const left = outcomes.flatMap(({ edit, refused }) =>
    refused === undefined && edit.text === null
      ? (ours.find(({ path, key }) => path === edit.path && key === edit.key)?.text ?? [])
      : [],
  );
  if (left.length === 0) return [];
  return [
    heading(3, md`Left out for good, as you asked`),
    capped(
      left.map((bullet) => bulletText(bullet)),
      SHORT_LIMIT,
      'the ledger has them all',
    ),
  ];
}

function rules({ rules }: Proposal): readonly Block[] {
  if (rules.length === 0) return [];
  const ids = rules.slice(0, 30).map((id) => code(id));
  return [paragraph(md`Rules of the codex that these lines name: ${ids.reduce((all, id) => md`${all}, ${id}`)}.`)];
}

function falseLines({ project, proposal, policy }: Described, base: string): readonly Block[] {
  if (proposal.reports.length === 0) return [];
  return [
    heading(3, md`For you to look at`),
    paragraph(md`These lines are yours, so they stay as they are. The line numbers are those of the proposed files.`),
    capped(
      proposal.reports.map(({ path, line, message, suggestion }) => {
        const where = proposal.files.some((file) => file.path === path)
          ? code(`${path}:${line}`)
          : placeOf(path, line, { project, policy, base });
        return suggestion === undefined || suggestion === ''
          ? md`${where}: ${bulletText(message)}`
          : md`${where}: ${bulletText(message)}; it could read ${code(suggestion)}`;
      }),
      SHORT_LIMIT,
      'agentsmd check lists them',
    ),
  ];
}

function stillOpen({ open }: Proposal): readonly Block[] {
  const told = open.filter(({ before }) => before !== null);
  if (told.length === 0) return [];
  return [
    heading(3, md`Lines that you edited, and whose facts changed since`),
    capped(
      told.map(({ before, offered }) =>
        offered == null
          ? md`${bulletText(before!)}: nothing proves it any more`
          : md`${bulletText(before!)}: today we would write ${bulletText(offered)}`,
      ),
      SHORT_LIMIT,
      'agentsmd generate --explain lists them',
    ),
  ];
}

function notTaken(problems: readonly string[]): readonly Block[] {
  if (problems.length === 0) return [];
  return [
    heading(3, md`Settings of this repository that were not taken`),
    bullets(problems.map((problem) => text(problem))),
  ];
}

function whatNext(reviewers: Reviewers, described: Described): readonly Block[] {
  const { settings, teamFile, forge } = described;
  const [topic] = settings.optOutTopics;
  const ways = [
    ...(topic === undefined || forge === 'folder' ? [] : [md`the project topic ${code(topic)}`]),
    ...(settings.teamMaySet.includes('enabled') ? [md`${code('enabled: false')} in ${code(teamFile)}`] : []),
  ];
  return [
    ...whyAsked(reviewers),
    // A folder has no place for comments.
    ...(forge === 'folder' ? [] : replies()),
    heading(3, md`What happens next`),
    paragraph(
      md`${code(LEDGER_PATH)} remembers what stands where, so that what you edit stays yours. When facts change, this merge request follows, in place; it is rebased only where it has to be. Commit to its branch, and it is yours: it is left alone from then on. Close it, and there is no other until a fact that matters changes.`,
    ),
    ...(ways.length === 0
      ? []
      : [paragraph(md`To opt out altogether: ${ways.reduce((all, way) => md`${all}, or ${way}`)}.`)]),
  ];
}

function replies(): readonly Block[] {
  return [
    heading(3, md`What you can reply`),
    paragraph(md`On a line of its own, by members with at least the role Developer:`),
    bullets([
      md`${code('agentsmd: drop 3')} or ${code('agentsmd: drop "the whole line"')}: the line goes, and is not proposed again`,
      md`${code('agentsmd: wrong 3 `make test`')}: the line reads as you say, and stays so; numbers are those of the list above`,
      md`${code('agentsmd: try again')} on a closed one: another is opened; ${code('agentsmd: stop')}: this one is closed and none follows`,
    ]),
  ];
}

function whyAsked({ usernames, source, file, lines = [] }: Reviewers): readonly Block[] {
  if (usernames.length === 0) return [];
  const names = usernames.map((name) => code(name)).reduce((all, name) => md`${all}, ${name}`);
  const [first] = lines;
  const place = first === undefined ? code(file ?? '') : code(`${file}:${first}`);
  const why = {
    team: md`${place} names them`,
    'code-owners': md`${place} makes them owners`,
    catalog: md`the catalog names them as owners`,
    authors: md`they changed these files lately`,
    none: md``,
  }[source];
  return [paragraph(md`Asked to review: ${names}, because ${why}.`)];
}

/** A list that says how much of it is missing. */
function capped(items: readonly Inline[], limit: number, elsewhere: string): Block {
  let size = 0;
  const shown = items.filter(({ markdown }) => {
    size += markdown.length + 3;
    return size <= limit;
  });
  const missing = items.length - shown.length;
  return bullets(missing === 0 ? shown : [...shown, md`and ${missing} more; ${text(elsewhere)}`]);
}

/** Labels of a merge request: ours first. */
export function labelsOf({ labels }: Pick<Settings, 'labels'>): readonly string[] {
  return [...new Set([LABEL, ...labels])];
}
