import type { Survey } from '../../../facts/index.ts';
import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import type { AgentDocument } from '../../documents/document.ts';
import type { Found, World } from '../rule.ts';
import { type Gone, judgeCommand } from './judge-command.ts';
import { type TargetIndex, targetIndex } from './target-index.ts';

/** A command of a document that runs something that is gone. */
export interface Stale {
  readonly command: SaidCommand;
  readonly gone: Gone;
}

/** The stale commands of a document, in reading order. What it forbids, plans or says of other repositories is none. */
export function staleCommands(
  document: AgentDocument,
  { survey, file }: Pick<World, 'survey' | 'file'>,
): readonly Stale[] {
  const index = targetIndex(survey);
  const stale = commandsOf(document).flatMap((command): readonly Stale[] => {
    if (command.negated || isElsewhere(command)) return [];
    return judgeCommand(command, document.dir, survey).flatMap((verdict) => {
      if (verdict.state !== 'gone') return [];
      if (verdict.elsewhere.length === 0 && verdict.runner === 'npm' && !verdict.scoped) {
        const others = otherManifests(survey, file).filter(({ names }) => names.has(verdict.name));
        if (others.length > 0) return [{ command, gone: { ...verdict, elsewhere: others.map(({ dir }) => dir) } }];
      }
      return [{ command, gone: verdict }];
    });
  });
  return stale.filter((each) => !isMeantElsewhere(each, stale, document, index));
}

/** The package.json files that nobody read: what AMD102 asks for where something is stale. */
export function unreadManifests({ paths, files }: Survey): readonly string[] {
  return paths
    .named('package.json')
    .filter((path) => paths.isFile(path) && !files.has(path))
    .slice(0, MOST_MANIFESTS);
}

const MOST_MANIFESTS = 500;

function otherManifests(
  survey: Survey,
  file: World['file'],
): readonly { readonly dir: string; readonly names: ReadonlySet<string> }[] {
  return unreadManifests(survey).flatMap((path) => {
    const read = file(path);
    const names = read
      ?.json()
      ?.get('scripts')
      ?.entries()
      .map(([name]) => name);
    return read && names ? [{ dir: read.dir, names: new Set(names) }] : [];
  });
}

const EACH_PACKAGE =
  /\b(?:packages?|workspaces?|apps?|projects?|services?|crates?|modules?|plugins?|sub-?projects?)(?:['’]s)?\s+(?:root\s+)?(?:director(?:y|ies)|folders?|level|you)\b|\b(?:in|from|within|inside|for|per)[\s-](?:a|an|each|every|the|that|any)?\s*(?:specific |individual |relevant |affected |given |respective |own )?(?:package|workspace|app|plugin|example|template)\b/i;

/**
 * True where other folders have the name, and the text means those: it says so in the section, or several of its
 * commands are missing where they would be typed and all of them are in one such folder.
 */
function isMeantElsewhere(
  { command, gone }: Stale,
  all: readonly Stale[],
  document: AgentDocument,
  index: TargetIndex,
): boolean {
  if (gone.elsewhere.length === 0 || gone.scoped) return false;
  if (EACH_PACKAGE.test(sectionBefore(document, command.piece))) return true;
  const names = new Set(
    all
      .filter(({ gone: other }) => other.runner === gone.runner && other.elsewhere.length > 0 && !other.scoped)
      .map((other) => other.gone.name),
  );
  return (
    names.size > 1 && gone.elsewhere.some((dir) => [...names].every((name) => index.at(gone.runner, dir)?.has(name)))
  );
}

/** The text from the last heading to the line of a command. */
function sectionBefore({ lines }: AgentDocument, { line }: SaidCommand['piece']): string {
  let first = line;
  while (first > 1 && line - first < 60 && !/^#{1,6}\s/.test(lines.line(first))) first--;
  return Array.from({ length: line - first + 1 }, (_, i) => lines.line(first + i).slice(0, 500)).join('\n');
}

const PLANNED =
  /\b(?:add|adds|adding|create|creates|creating|define|defines|introduce|implement|provide|propose|new|future|planned|todo|would be)\b[^.;:|]{0,40}$/i;
const OTHERS =
  /\b(?:that|another|the other|your|their|its own|each|every|generated|scaffolded|consumer(?:['’]?s)?|user(?:['’]?s)?|downstream|external|separate|sibling)\s+(?:[\w-]+\s+){0,2}(?:repo|repository|project|app|application|site|workspace)\b/i;
const ELSEWHERE = /\b(?:in|from|inside|of|by)\s+(?:the\s+)?[\w./@-]+\s+repo(?:sitory)?\b(?!\s+root)/i;

/** True where the sentence is about something that is yet to be made, or about another repository. */
export function isElsewhere({ span, form }: SaidCommand): boolean {
  const { before, after, around } = span.place;
  if (form === 'inline')
    return PLANNED.test(before) || OTHERS.test(before) || OTHERS.test(after) || ELSEWHERE.test(before);
  return OTHERS.test(around) || ELSEWHERE.test(around);
}

/** What a rule reports of a stale command. */
export function staleFinding({ command, gone }: Stale): Found {
  const { name, word, nearest, successor, complete, scoped } = gone;
  const elsewhere = scoped ? [] : gone.elsewhere;
  const at = command.at(0, word + 1);
  const end = at.text.lastIndexOf(name);
  const replacement =
    successor === undefined || end < 0 || elsewhere.length > 0
      ? undefined
      : at.text.slice(0, end) + successor + at.text.slice(end + name.length);
  const hint =
    elsewhere.length > 0
      ? `; it is in ${list(elsewhere)}`
      : nearest.length > 0
        ? `; the nearest: ${list(nearest)}`
        : '';
  return {
    at,
    severity: complete && elsewhere.length === 0 ? 'error' : 'warning',
    message: said(gone) + hint,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

function said({ what, runner, name, paths }: Gone): string {
  if (what === 'package') return `no package of this repository is called \`${name}\``;
  const kind = KINDS[runner] ?? 'task';
  if (paths.length !== 1) return `no file that was read defines a ${kind} \`${name}\``;
  return `\`${paths[0]}\` has no ${kind} \`${name}\``;
}

const KINDS: Readonly<Record<string, string>> = {
  npm: 'script',
  turbo: 'script or task',
  composer: 'script',
  melos: 'script',
  make: 'target',
  ant: 'target',
  just: 'recipe',
  tox: 'environment',
  nox: 'session',
  cargo: 'alias',
  mix: 'alias or task',
};

function list(names: readonly string[]): string {
  return names
    .slice(0, 3)
    .map((name) => `\`${name === '' ? '.' : name}\``)
    .join(', ');
}
