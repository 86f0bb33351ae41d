import type { PathIndex } from '../../../facts/path-index.ts';
import type { SourceFile } from '../../../facts/source-file.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { pieceOfLine } from '../piece.ts';
import { shinglesOf } from '../prose/shingles.ts';
import type { Rule } from '../rule.ts';

/** A section this much of which stands in another file says nothing new. */
const MOST_SHARED = 0.6;
/** Shorter sections share their words by accident. */
const LEAST_SHINGLES = 30;
const MOST_FILES = 60;
/** Generated references are longer than guides. */
const LONGEST_FILE = 256 << 10;

/** A copy is read twice and goes stale once. */
export const readmeRedundancy: Rule = {
  id: 'AMD307',
  name: 'readme-redundancy',
  severity: 'warning',
  title: 'A section repeats the README, the contribution guide or a page of the documentation.',
  why: 'Agents read those files when they need them; what a document repeats of them made agents worse, not better, and the copy goes stale.',
  source: 'https://arxiv.org/abs/2602.11988',
  *reads({ survey, documents }) {
    for (const path of prosePaths(survey.paths, documents)) yield path;
  },
  *check(document, world) {
    const sections = document.unparsed === undefined ? sectionsOf(document) : [];
    const owners = new Map<string, number[]>();
    for (const [i, { shingles }] of sections.entries()) {
      for (const shingle of shingles) {
        const same = owners.get(shingle);
        if (same) same.push(i);
        else owners.set(shingle, [i]);
      }
    }
    if (owners.size === 0) return;
    const best = sections.map(() => ({ share: 0, path: '' }));
    for (const path of prosePaths(world.survey.paths, world.documents)) {
      const file = path === document.path ? undefined : world.file(path);
      if (!file || file.text.length > LONGEST_FILE) continue;
      const counts = sections.map(() => 0);
      for (const shingle of shinglesOfFile(file)) for (const i of owners.get(shingle) ?? []) counts[i] = counts[i]! + 1;
      for (const [i, { shingles }] of sections.entries()) {
        const share = counts[i]! / shingles.size;
        if (share > best[i]!.share) best[i] = { share, path };
      }
    }
    for (const [i, { line }] of sections.entries()) {
      const { share, path } = best[i]!;
      if (share <= MOST_SHARED) continue;
      yield {
        at: pieceOfLine(document, line),
        severity: 'warning',
        message: `${Math.round(share * 100)} % of this section stands in ${path}: link it, and keep only what is different for agents`,
      };
    }
  },
};

const known = new WeakMap<SourceFile, ReadonlySet<string>>();

/** Several documents of a repository are held against the same files. */
function shinglesOfFile(file: SourceFile): ReadonlySet<string> {
  let shingles = known.get(file);
  if (!shingles) {
    shingles = new Set(shinglesOf(file.text));
    known.set(file, shingles);
  }
  return shingles;
}

interface Section {
  readonly line: number;
  readonly shingles: ReadonlySet<string>;
}

/** The parts between headings that say enough to be compared. */
function sectionsOf({ tree, text, lines }: AgentDocument): readonly Section[] {
  const starts = tree.children.flatMap((node) => (node.type === 'heading' ? [node.position?.start.line ?? 1] : []));
  return [...new Set([1, ...starts])].flatMap((line, i, all) => {
    const next = all[i + 1];
    const body = text.slice(lines.startOf(line), next === undefined ? text.length : lines.startOf(next));
    const shingles = new Set(shinglesOf(body));
    return shingles.size >= LEAST_SHINGLES ? [{ line, shingles }] : [];
  });
}

const guides = new WeakMap<readonly AgentDocument[], readonly string[]>();

/** What people read: at the root, beside a document, in the folder of documentation. */
function prosePaths(paths: PathIndex, documents: readonly AgentDocument[]): readonly string[] {
  let found = guides.get(documents);
  if (!found) {
    found = findProse(paths, documents);
    guides.set(documents, found);
  }
  return found;
}

const GUIDE = /^(?:readme|contributing|development|developing|hacking|developers?|style|styleguide|architecture)\b/i;

function findProse(paths: PathIndex, documents: readonly AgentDocument[]): readonly string[] {
  const own = new Set(documents.flatMap(({ path, aliases }) => [path, ...aliases]));
  const dirs = new Set(['', 'docs/', 'doc/', '.github/', ...documents.map(({ dir }) => (dir === '' ? '' : `${dir}/`))]);
  const found: string[] = [];
  for (const name of paths.names()) {
    if (!/\.(?:md|markdown|rst|txt|adoc)$|^(?:README|CONTRIBUTING)$/i.test(name)) continue;
    const guide = GUIDE.test(name);
    for (const path of paths.named(name)) {
      const dir = path.slice(0, path.length - name.length);
      if (!dirs.has(dir) || own.has(path) || !paths.isFile(path)) continue;
      if (guide || dir === 'docs/' || dir === 'doc/') found.push(path);
    }
  }
  return found.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, MOST_FILES);
}

function depth(path: string): number {
  return path.split('/').length;
}
