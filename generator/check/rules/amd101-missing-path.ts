import { isToolFile } from '../../../facts/ecosystems/file-names.ts';
import { joinPath, type PathIndex } from '../../../facts/path-index.ts';
import { anywhere } from '../../../forge/history.ts';
import { drawnTrees } from '../../documents/drawn-tree.ts';
import type { Place } from '../../documents/spans.ts';
import { drawnMissing } from '../paths/drawn.ts';
import { hasMadeName, ignoreFiles, isIgnored, namesMade } from '../paths/ignored.ts';
import { missingLabels } from '../paths/labels.ts';
import { type PathMention, pathMentions } from '../paths/mentions.ts';
import { misplaced } from '../paths/misplaced.ts';
import type { PathReference } from '../paths/reference.ts';
import { elided, ending, isThere, otherCase } from '../paths/resolve.ts';
import { isExample, type Standing, standingOf } from '../paths/speech.ts';
import { successor } from '../paths/successor.ts';
import type { Doubt, Found, Rule, World } from '../rule.ts';

/** A path in inline code or in a drawn tree that is not there. */
export const missingPath: Rule = {
  id: 'AMD101',
  name: 'missing-path',
  severity: 'error',
  title: 'A document names a file, a folder or a Bazel package that is not there.',
  why: 'An agent looks there first, and then goes on with a wrong picture of the repository. Nearly a quarter of the repositories with such a document name code that is gone.',
  source: 'https://arxiv.org/abs/2606.09090',
  reads: ignoreFiles,
  *check(document, world) {
    const mentions = pathMentions(document, world.survey.paths);
    for (const mention of mentions) {
      const found = judge(mention, mentions, world);
      if (found) yield found;
    }
    for (const tree of drawnTrees(document)) yield* drawnMissing(tree, document, world);
    yield* missingLabels(document, world.survey.paths);
  },
};

function judge(mention: PathMention, all: readonly PathMention[], world: World): Found | undefined {
  const { reference, place, bases, how } = mention;
  const { paths } = world.survey;
  const { path, piece, depth, folder } = reference;
  const said = standingOf(place);
  if (said === 'past') return undefined;
  if (isThere(reference, bases, paths)) {
    const real = misplaced(mention, all, world.survey);
    return real === undefined
      ? undefined
      : { at: piece, severity: 'warning', message: `${path} is at ${real}`, replacement: real };
  }
  const full = [...new Set(bases.flatMap((base) => joinPath(base, path) || []))];
  const miscased = depth > 1 ? full.find((each) => otherCase(each, paths)) : undefined;
  if (miscased !== undefined) {
    const twin = otherCase(miscased, paths)!;
    const replacement = renamed(path, miscased, twin, folder);
    return { at: piece, severity: 'warning', message: `${path} is written ${twin}`, replacement };
  }
  if (full.length === 0 || full.some((each) => isIgnored(each, world))) return undefined;
  const sure = said === 'stated' && !(depth === 1 && isExample(place)) && !namesMade(place, world);
  const standing = sure || said !== 'stated' ? said : 'made';
  const doubt = doubtOf(mention, full.slice(0, MOST_IN_DOUBT), standing, world);
  const found: Found = { at: piece, severity: 'info', message: `${path} is not there`, doubt };
  if (isSilent(mention, full, paths)) return { ...found, doubt: { ...doubt, silent: true } };
  // What a command is shown with may be made up.
  return { ...found, severity: standing === 'stated' && how !== 'argument' ? 'warning' : 'info' };
}

/** What was never there is said only where it must be about this repository, and be committed. */
function isSilent({ reference, place, bases, how }: PathMention, full: readonly string[], paths: PathIndex): boolean {
  const { file, vague, path } = reference;
  if (vague || full.some(hasMadeName) || (how === 'argument' && !file)) return true;
  return !(isRooted(reference, full, paths) || isDescribed(reference, place)) || elided(path, bases, paths);
}

/** The history is asked for so many places where a path may have been. */
const MOST_IN_DOUBT = 3;

/** "The `demo/` directory contains": no stand-in is spoken of like that. */
function isDescribed({ folder }: PathReference, { before, after }: Place): boolean {
  return (
    folder &&
    /^\s*(?:the\s*)?$/i.test(before) &&
    /^\s*(?:directory|folder)\b.{0,20}\b(?:contains|holds|has|includes|is)\b/.test(after)
  );
}

/** It begins with a folder that is there: `src/nope.ts` is about this repository, `owner/name` need not be. */
function isRooted({ path, depth }: PathReference, full: readonly string[], paths: PathIndex): boolean {
  const first = path.split('/')[0] ?? '';
  if (depth < 2 || first === '..') return false;
  return full.some((each) => paths.hasDir(each.slice(0, each.length - path.length + first.length)));
}

function doubtOf(
  { reference, how }: PathMention,
  full: readonly string[],
  standing: Standing,
  { survey }: World,
): Doubt {
  const { path, file, depth, folder } = reference;
  const { paths } = survey;
  const first = path.split('/')[0] ?? '';
  // `src/tools/` is gone for certain where `src` is.
  const above = depth > 1 && how !== 'argument' && first !== '..' && !paths.hasDir(first) ? [first] : [];
  const named = depth === 1 && file && !isKnownEverywhere(path) ? [anywhere(path)] : [];
  return {
    paths: [...full, ...above, ...named],
    gone: (asked, { path: was, movedTo }) => {
      const onlyAbove = above.includes(asked);
      const to = onlyAbove ? movedTo && within(movedTo, path, paths) : successor(was, movedTo, paths);
      const sure = !onlyAbove && (depth > 1 || (file && isDistinctive(path)));
      const old = onlyAbove ? path : was;
      return {
        severity: standing === 'made' ? 'info' : standing === 'stated' && sure ? 'error' : 'warning',
        message: to === undefined ? `${was} was deleted` : `${old} has moved to ${to}`,
        ...(to === undefined ? {} : { replacement: renamed(path, old, to, folder) }),
      };
    },
  };
}

/** `merge-queue.yml` means one file of this repository; `config.yml` or `wrangler.toml` any file of that name. */
function isDistinctive(name: string): boolean {
  return /[a-zA-Z\d][-_][a-zA-Z]|[a-z][A-Z]/.test(name.slice(0, name.lastIndexOf('.'))) && !isKnownEverywhere(name);
}

const KNOWN_EVERYWHERE =
  /^(?:package-lock|npm-shrinkwrap|pnpm-(?:lock|workspace)|docker-compose|tsconfig|jsconfig|requirements|copilot-instructions|README|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT|RELEASE|LICENSE|MEMORY)/i;
function isKnownEverywhere(name: string): boolean {
  return KNOWN_EVERYWHERE.test(name) || isToolFile(name);
}

/** Where a path of a folder that moved is now, if only one place there can be meant. */
function within(movedTo: string, path: string, paths: PathIndex): string | undefined {
  const below = path.slice(path.indexOf('/'));
  const found = ending(below.slice(1), paths).filter((each) => each.startsWith(`${movedTo}/`));
  return found.length === 1 ? found[0] : undefined;
}

/** The new path as it should be written where the old one stands. */
function renamed(path: string, was: string, movedTo: string, folder: boolean): string {
  const base = was.endsWith(`/${path}`) ? was.slice(0, -path.length) : '';
  const relative = base !== '' && movedTo.startsWith(base) ? movedTo.slice(base.length) : movedTo;
  return folder ? `${relative}/` : relative;
}
