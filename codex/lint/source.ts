import { joinPath } from '../../facts/path-index.ts';
import { didYouMean } from '../../forge/nearest.ts';
import { quoteHash, type Section, sectionAt, sectionsOf } from '../quote.ts';
import { isRetired } from '../rule.ts';
import type { Found, Lint } from './lint.ts';
import type { World } from './world.ts';

const deadSource: Lint = {
  id: 'CDX301',
  name: 'dead-source',
  severity: 'error',
  title: 'A source that is no file of the codex.',
  why: 'Nobody can read where the rule comes from. Addresses on the web are not fetched.',
  *find(world) {
    for (const { found, path, doc } of sources(world))
      if (path === undefined || !world.files.paths.has(path))
        yield found('doc', `there is no ${doc} in the codex; write the path from its root, or an address on the web`);
  },
};

const deadAnchor: Lint = {
  id: 'CDX302',
  name: 'dead-anchor',
  severity: 'error',
  title: 'A source\u2019s anchor that leads to no heading.',
  why: 'The section was renamed or removed: the rule may have lost its ground.',
  *find(world) {
    for (const { found, sections, doc, anchor } of sources(world)) {
      if (!sections || anchor === undefined || sectionAt(sections, anchor)) continue;
      const wanted = anchor.replace(/^#/, '');
      const known = sections.flatMap(({ anchors }) => anchors);
      yield found('anchor', `${doc} has no heading #${wanted}${didYouMean(wanted, known)}`);
    }
  },
};

const sourceMoved: Lint = {
  id: 'CDX303',
  name: 'source-moved',
  severity: 'error',
  title: 'A source whose text changed since the rule was taken from it.',
  why: 'The rule may say something else than its source by now.',
  *find(world) {
    for (const { found, sections, doc, anchor, quoteHash: expected } of sources(world)) {
      const section = sections && anchor !== undefined ? sectionAt(sections, anchor) : undefined;
      if (!section || expected === undefined) continue;
      const actual = quoteHash(section.text);
      if (actual !== expected)
        yield found(
          'quote-hash',
          `the source moved, distil it again: ${doc}:${section.line} reads differently (now ${actual})`,
        );
    }
  },
};

export const SOURCE_LINTS: readonly Lint[] = [deadSource, deadAnchor, sourceMoved];

interface Source {
  readonly doc: string;
  /** From the root of the codex; absent where it leads out of it. */
  readonly path: string | undefined;
  readonly anchor: string | undefined;
  readonly quoteHash: string | undefined;
  /** Of a Markdown page that is there. */
  readonly sections: readonly Section[] | undefined;
  readonly found: (key: string, message: string) => Found;
}

/** Sources within the codex. */
function* sources({ files, rules }: World): Iterable<Source> {
  const cache = new Map<string, readonly Section[]>();
  for (const { rule, lineOf } of rules) {
    if (!rule.source || isRetired(rule) || /^[a-z][a-z0-9+.-]*:/i.test(rule.source.doc)) continue;
    const { doc, anchor, quoteHash: hash } = rule.source;
    const path = joinPath('', doc);
    yield {
      doc,
      path,
      anchor,
      quoteHash: hash,
      sections: path === undefined ? undefined : sectionsOfPage(path, files.pages, cache),
      found: (key, message) => ({ file: rule.file, line: lineOf(['source', key]), message }),
    };
  }
}

function sectionsOfPage(
  path: string,
  pages: ReadonlyMap<string, string>,
  cache: Map<string, readonly Section[]>,
): readonly Section[] | undefined {
  const text = pages.get(path);
  if (text === undefined) return undefined;
  const known = cache.get(path) ?? sectionsOf(text);
  cache.set(path, known);
  return known;
}
