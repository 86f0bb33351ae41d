/**
 * The files and folders that documents name so that only one thing of the commit can be meant, and what becomes of them in a
 * mutant. Every reason to leave a mention out is a rule of {@link doubt}.
 */
import { dirname, posix } from 'node:path';
import type { Claim, Mutant, Naming } from './claim.ts';
import type { Mention } from './mentions.ts';
import type { Tree, Workshop } from './tree.ts';

/** Words after which a path need not be there, or is there because the reader put it there. */
const MADE_OR_GONE =
  /\b(?:creat|(?:re)?generat|output|produc|emit|writ(?:e|es|ten|ing)\b|delet|remov|renam|mov(?:e|ed|ing)\b|no longer|deprecated|formerly|legacy|obsolete|(?:do(?:es)?|did) not exist|if (?:it )?(?:exists|present)|optional|ignored|gitignore|upstream|other repo)/i;

/** A path as documents write it, without what no path of a repository starts with or holds. */
const PATH = /^[\w.+-][\w.+/-]*$/;

/** The paths of one document. `drop` hears of each mention that names something and was left out, and why. */
export function pathClaims(
  tree: Tree,
  document: string,
  mentions: readonly Mention[],
  drop: (why: string) => void,
): readonly Claim[] {
  const claims: Claim[] = [];
  for (const mention of mentions) {
    for (const written of tokensOf(mention)) {
      const found =
        mention.place === 'tree' ? inTree(tree, document, mention) : fromBases(tree, document, mention, written);
      if (found === undefined) continue;
      const why = doubt(tree, document, mention, mention.place === 'tree' ? found : written, found);
      if (why !== undefined) {
        drop(why);
        continue;
      }
      const naming: Naming = { document, line: mention.line, subject: bare(written), place: mention.place };
      claims.push({ kind: tree.folders.has(found) ? 'folder' : 'file', thing: found, manifest: '', naming });
    }
  }
  return claims;
}

function tokensOf({ place, written }: Mention): readonly string[] {
  if (place === 'tree') return PATH.test(bare(written)) ? [written] : [];
  if (place === 'link') return [written.replace(/[?#].*$/, '')].filter((target) => PATH.test(bare(target)));
  const words = written.split(/\s+/);
  // A path beside other words is an argument of a command; an argument without a folder may be anything.
  const tokens = words.length === 1 ? words : words.filter((word) => bare(word).includes('/'));
  return tokens
    .map((word) => word.replace(/^['"]|['"]$/g, '').replace(/\/\.\.\.$/, '/'))
    .filter((word) => PATH.test(bare(word)));
}

/** Without `./` before and `/` after it. */
function bare(written: string): string {
  return written.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
}

/** What a document of `.github` and the like calls its folder is the root. */
function homeOf(document: string): string {
  const home = dirname(document);
  return home === '.' || home.startsWith('.') ? '' : home;
}

/** From the root or from the folder of the document, or, for a name with an extension, the only file of that name. */
function fromBases(tree: Tree, document: string, { place }: Mention, written: string): string | undefined {
  const path = bare(written);
  const link = place === 'link';
  const bases = link ? [dirname(document)] : [...new Set(['', homeOf(document)])];
  const found = [...new Set(bases.map((base) => posix.join(base, path)))].filter((each) => tree.has(each));
  const looksLikePath = link || path.includes('/') || written.endsWith('/') || /\.\w+$/.test(path);
  if (!looksLikePath) return undefined;
  if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  if (link || path.includes('/') || written.endsWith('/')) return undefined;
  const named = [...tree.files.keys()].filter((each) => posix.basename(each) === path);
  return named.length === 1 ? named[0] : undefined;
}

/** Under the first line of the tree, or, where that stands for the repository, under the root. */
function inTree(tree: Tree, document: string, { way }: Mention): string | undefined {
  const [, ...below] = way!.split('/');
  const ways = [posix.join(homeOf(document), way!), way!, below.join('/')];
  const found = [...new Set(ways)].filter((path) => PATH.test(path) && tree.has(path));
  return found.length === 1 ? found[0] : undefined;
}

/** Why it is not certain that a line becomes false when a thing goes; undefined where it is. */
function doubt(tree: Tree, document: string, mention: Mention, written: string, found: string): string | undefined {
  const { mode } = tree.files.get(found) ?? { mode: '100644' };
  if (!mode.startsWith('100')) return 'a symbolic link or a submodule';
  if (document === found || document.startsWith(`${found}/`)) return 'the document itself stands there';
  const line = mention.context.slice(mention.context.lastIndexOf('\n') + 1);
  if (MADE_OR_GONE.test(line)) return 'the line speaks of something made, moved or gone';
  if (mention.place !== 'link' && meantElsewhere(tree, bare(written), found)) return 'another path ends the same way';
  return undefined;
}

/** Whether what is written can be read as a second path: one that ends with it, or the same with an extension. */
function meantElsewhere(tree: Tree, written: string, found: string): boolean {
  const inside = (path: string): boolean => path === found || path.startsWith(`${found}/`);
  const same = (path: string): boolean =>
    path === written || path.endsWith(`/${written}`) || path.startsWith(`${written}.`);
  for (const paths of [tree.files.keys(), tree.folders])
    for (const path of paths) if (!inside(path) && same(path)) return true;
  return false;
}

/** A file or folder deleted with all it holds. */
export function withoutPath({ claims, ...about }: PathOf, workshop: Workshop): Mutant {
  return { ...about, claims, change: 'deleted', commit: workshop.mutate(new Map([[about.thing, null]])) };
}

/** The same under another name, or, for a part of the random choices, in another folder. */
export function renamedPath(
  { claims, ...about }: PathOf,
  tree: Tree,
  workshop: Workshop,
  random: () => number,
): Mutant {
  const { thing } = about;
  // The name alone does not become false where only the folder changes.
  const moves = random() < 0.4 && claims.every(({ naming }) => naming.subject.includes('/') || naming.place === 'tree');
  const successor = (moves ? elsewhere(tree, thing) : undefined) ?? otherName(tree, thing, random);
  const edits = new Map([
    [thing, null],
    [successor, workshop.entry(thing)],
  ]);
  return { ...about, claims, change: moves ? 'moved' : 'renamed', successor, commit: workshop.mutate(edits) };
}

interface PathOf {
  readonly kind: Claim['kind'];
  readonly thing: string;
  readonly claims: readonly Claim[];
}

function otherName(tree: Tree, path: string, random: () => number): string {
  const { dir, name, ext } = posix.parse(path);
  const joint = name.includes('_') ? '_' : '-';
  const words = ['next', 'core', 'main', 'base'];
  for (let at = Math.floor(random() * words.length), left = words.length; left > 0; at++, left--) {
    const candidate = posix.join(dir, `${name}${joint}${words[at % words.length]}${ext}`);
    if (!tree.has(candidate)) return candidate;
  }
  return posix.join(dir, `${name}${joint}other${ext}`);
}

/** In the first folder beside its own, or in a new one. */
function elsewhere(tree: Tree, path: string): string | undefined {
  const { dir, base } = posix.parse(path);
  const beside = [...tree.folders]
    .filter(
      (folder) =>
        folder !== dir && dirname(folder) === (dirname(dir) || '.') && folder !== path && !folder.startsWith('.'),
    )
    .sort()[0];
  const target = posix.join(beside ?? posix.join(dir, 'internal'), base);
  return tree.has(target) || target.startsWith(`${path}/`) ? undefined : target;
}
