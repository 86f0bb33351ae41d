import type { Forge, Project } from '../../forge/port.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  type Inline,
  md,
  paragraph,
  type RenderPolicy,
  reference,
  type SafeText,
  text,
} from '../../forge/render/index.ts';
import { LEDGER_PATH } from '../refresh/ledger.ts';
import { bulletText } from './bullet-text.ts';
import { changeLine, placeOf } from './change-line.ts';
import { LABEL, MARKER_NAME, type Marker } from './marker.ts';
import { ownDescription } from './own-description.ts';
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
  /** Merge requests that made lines of it false. */
  readonly staleBy: readonly number[];
}

/**
 * The description of a merge request, with the marker of what it proposes hidden in it.
 *
 * @param known the one it has, of which people's own words stay.
 */
export function descriptionOf(described: Described, marker: Marker, known = ''): SafeText {
  const { policy } = described;
  const blocks = [
    ...introduction(described.proposal),
    ...causes(described),
    ...changes(described, marker.base),
    ...asked(described.proposal),
    ...rules(described.proposal),
    ...falseLines(described, marker.base),
    ...stillOpen(described.proposal),
    ...notTaken(described.problems),
    ...whyAsked(marker.reviewers),
    // A folder has no place for comments.
    ...(described.forge === 'folder' ? [] : replies(described.proposal)),
    ...whatNext(described),
  ];
  return ownDescription(policy, blocks, { name: MARKER_NAME, data: marker }, known);
}

/** A hash of what a description says beside the proposed lines: where it changes, so must the description. */
export function saidOf({
  proposal,
  problems,
  settings,
  teamFile,
  staleBy,
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
    // Absent where there are none, so that what is open stays as it is.
    ...(staleBy.length === 0 ? [] : [staleBy]),
  ]);
}

/** Counts up when the description says something else, so that open merge requests follow. */
const FORM = 2;

function introduction({ path, isNew, files, changes }: Proposal): readonly Block[] {
  const what = isNew ? md`This adds ${code(path)}` : md`This brings ${code(path)} up to date`;
  const ledger = files.some((file) => file.path === LEDGER_PATH)
    ? [
        paragraph(
          md`There is also ${code(LEDGER_PATH)}, which remembers what stands where, so that what you edit stays yours.`,
        ),
      ]
    : [];
  const counted = isNew ? undefined : countsOf(changes);
  return [
    paragraph(
      md`${what}: what a coding agent would get wrong in this repository if nobody told it. Every line about the repository rests on the files linked behind it; what comes from elsewhere says so. Nothing of the repository was executed, and what people wrote stays as it is.`,
    ),
    ...(counted === undefined ? [] : [paragraph(text(counted))]),
    ...ledger,
  ];
}

/** Which merge requests left it stale. GitLab makes links of them, and tells them of this one. */
function causes({ staleBy, forge }: Described): readonly Block[] {
  if (staleBy.length === 0 || forge === 'folder') return [];
  const named = staleBy
    .slice(-MOST_CAUSES)
    .map((iid) => reference(`!${iid}`))
    .reduce((all, one) => md`${all}, ${one}`);
  const more = staleBy.length > MOST_CAUSES ? md` and others` : md``;
  return [paragraph(md`Merged while it still said what they made false: ${named}${more}`)];
}

const MOST_CAUSES = 10;

/** `2 lines change, 1 goes.` */
function countsOf(changes: readonly ProposedChange[]): string | undefined {
  const parts = COUNTED.flatMap(([kind, one, many]) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [{ count, verb: count === 1 ? one : many }];
  });
  const told = parts.map(({ count, verb }, at) => {
    const lines = count === 1 ? ' line' : ' lines';
    return `${count}${at === 0 ? lines : ''} ${verb}`;
  });
  return told.length === 0 ? undefined : `${told.join(', ')}.`;
}

const COUNTED = [
  ['updated', 'changes', 'change'],
  ['added', 'is new', 'are new'],
  ['removed', 'goes', 'go'],
] as const;

/** Characters of a list: beyond them the diff has to do. */
const LIST_LIMIT = 20_000;
const SHORT_LIMIT = 6_000;

function changes({ project, proposal, policy }: Described, base: string): readonly Block[] {
  return [...Map.groupBy(proposal.changes, ({ path }) => path)].flatMap(([path, group]) => [
    heading(3, md`What changes in ${code(path)}`),
    capped(
      group.map((change) => changeLine(change, { project, policy, base }, isNewFile(proposal, path))),
      LIST_LIMIT,
      'the diff shows them',
    ),
  ]);
}

function isNewFile({ files }: Proposal, path: string): boolean {
  return files.some((file) => file.path === path && file.existing === null);
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

function whatNext({ settings, teamFile, forge }: Described): readonly Block[] {
  const [topic] = settings.optOutTopics;
  const ways = [
    ...(topic === undefined || forge === 'folder' ? [] : [md`the project topic ${code(topic)}`]),
    ...(settings.teamMaySet.includes('enabled') ? [md`${code('enabled: false')} in ${code(teamFile)}`] : []),
  ];
  return [
    heading(3, md`What happens next`),
    paragraph(
      md`When facts change, this merge request follows, in place; it is rebased only where it has to be. Commit to its branch, and it is yours: it is left alone from then on. Close it, and there is no other until a fact that matters changes.`,
    ),
    ...(ways.length === 0
      ? []
      : [paragraph(md`To opt out altogether: ${ways.reduce((all, way) => md`${all}, or ${way}`)}.`)]),
  ];
}

function replies({ changes }: Proposal): readonly Block[] {
  const standing = changes.filter(({ after }) => after !== null);
  const [first] = standing;
  const wrong =
    ['command.test', 'command.'].map((kind) => standing.find(({ key }) => key.startsWith(kind))).find(Boolean) ?? first;
  const correction = wrong?.key.startsWith('command.') ? '`make test`' : 'how it should read';
  return [
    heading(3, md`What you can reply`),
    paragraph(md`On a line of its own, by members with at least the role Developer:`),
    bullets([
      ...(first === undefined
        ? [md`${code('agentsmd: drop "the whole line"')}: the line goes, and is not proposed again`]
        : [
            md`${code(`agentsmd: drop ${first.number}`)} or ${code('agentsmd: drop "the whole line"')}: the line goes, and is not proposed again; numbers are those of the list above`,
          ]),
      ...(wrong === undefined
        ? []
        : [md`${code(`agentsmd: wrong ${wrong.number} ${correction}`)}: the line reads as you say, and stays so`]),
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
    authors: md`they committed to the default branch lately`,
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
