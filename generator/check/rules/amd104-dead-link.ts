import { createRequire } from 'node:module';
import { isAside, joinPath, type PathIndex, parentDir } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { documentOf } from '../../documents/parse.ts';
import { plainText, type Span, spansOf } from '../../documents/spans.ts';
import { hasMadeName, ignoreFiles, isIgnored } from '../paths/ignored.ts';
import { ending, exists } from '../paths/resolve.ts';
import { successor } from '../paths/successor.ts';
import type { Found, Piece, Rule, World } from '../rule.ts';

const require = createRequire(import.meta.url);

/** A link or an image that leads to no file of the repository, or to no heading of it. */
export const deadLink: Rule = {
  id: 'AMD104',
  name: 'dead-link',
  severity: 'error',
  title: 'A relative link leads nowhere.',
  why: 'What a document leaves out and links instead is lost: the agent gets an error, or goes on without it.',
  source: 'https://spec.commonmark.org/0.31.2/#links',
  reads: ({ documents, survey }) => [
    ...ignoreFiles({ documents }),
    ...documents.flatMap((document) =>
      links(document).flatMap(({ target, anchor }) => {
        const path = anchor === undefined ? undefined : targetOf(target, document, survey.paths);
        return path !== undefined && /\.md$/i.test(path) ? [path] : [];
      }),
    ),
  ],
  *check(document, world) {
    const { paths } = world.survey;
    for (const link of links(document)) {
      const path = targetOf(link.target, document, paths);
      if (path === undefined) yield dead(link, document, world);
      else if (link.anchor !== undefined) {
        const found = anchorless(link, link.anchor, path, document, world);
        if (found) yield found;
      }
    }
  },
};

interface Link {
  readonly piece: Piece;
  /** Decoded, without anchor and query; `''` is the document itself. */
  readonly target: string;
  /** It counts from the root, as Cursor's own links do. */
  readonly rooted: boolean;
  readonly anchor?: string;
}

const SCHEME = /^(?:[a-z][a-z\d+.-]*:|\/\/)/i;
/** What a template or a person is to fill in. */
const FORGE_PAGE =
  /^(?:\.\.\/)+(?:-\/)?(?:tree|blob|raw|issues|pulls?|merge_requests|wikis?|releases|tags|commits?|compare|discussions|actions|pipelines|projects)(?:\/|$)/;
const EXAMPLE = /\b(?:e\.g\.|examples?|for instance)/i;
const STAND_IN = /[<>{}$*…]|\.\.\.|^(?:url|link|path|#)$|path\/to|example/i;

function links(document: AgentDocument): readonly Link[] {
  return spansOf(document).flatMap((span): readonly Link[] => {
    if (span.kind !== 'link') return [];
    // Cursor writes links to files of the repository like this.
    const lead = /^mdc:/.exec(span.text)?.[0].length ?? 0;
    const url = span.text.slice(lead);
    if (SCHEME.test(url) || STAND_IN.test(url) || url === '' || isShown(span)) return [];
    const [, path = '', anchor] = /^([^#?]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(url) ?? [];
    const decoded = decode(path);
    // One plain word is what somebody was to put a link in for.
    if (decoded === undefined || looksLikeHost(decoded) || /^`|^[\w-]+$/.test(decoded)) return [];
    const rooted = lead > 0 || decoded.startsWith('/');
    const target = rooted && !decoded.startsWith('/') ? `/${decoded}` : decoded;
    return [{ piece: pieceOf(span, lead, url), target, rooted, ...(anchor ? { anchor } : {}) }];
  });
}

/** It shows how to write a link: as an example, or in a sentence that is quoted. */
function isShown({ place }: Span): boolean {
  const around = place.around.slice(0, place.around.indexOf(place.before) + place.before.length);
  return EXAMPLE.test(place.before) || (around.match(/["“”]/g)?.length ?? 0) % 2 === 1;
}

function pieceOf(span: Span, lead: number, text: string): Piece {
  return { text, line: span.line, column: span.column + lead, offset: span.offset + lead };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `www.example.org/x`: somebody forgot the scheme. */
function looksLikeHost(path: string): boolean {
  return /^(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev)(?:\/|$))/i.test(path);
}

/** The file or folder that a link leads to, as a viewer follows it: from the folder the file is in, or from the root. */
function targetOf(target: string, { path, aliases }: AgentDocument, paths: PathIndex): string | undefined {
  if (target === '') return path;
  // Below the file a forge shows its own pages: `../../issues/12`.
  if (FORGE_PAGE.test(target)) return path;
  for (const name of [path, ...aliases]) {
    const full = joinPath(parentDir(name), target);
    if (full !== undefined && exists(full, paths)) return full;
  }
  return undefined;
}

/** From the root, where people often start, a link may be meant well: it still leads nowhere for who follows it. */
function dead({ piece, target, rooted }: Link, document: AgentDocument, world: World): Found {
  const { paths } = world.survey;
  const relative = target.replace(/^\/+/, '').replace(/\/+$/, '');
  const fromRoot = joinPath('', relative.replace(/^(?:\.\.?\/)+/, ''));
  const meant =
    fromRoot !== undefined && exists(fromRoot, paths)
      ? fromRoot
      : only(ending(relative, paths).filter((path) => !isAside(path)));
  const from = rooted ? '' : parentDir(document.path);
  const full = joinPath(from, target.replace(/^\/+/, ''));
  const written = (path: string): string => encodeURI(relativePath(from, path));
  return {
    at: piece,
    severity:
      meant === undefined && full !== undefined && !hasMadeName(target) && !isIgnored(full, world)
        ? 'error'
        : 'warning',
    message:
      meant === undefined
        ? 'the link leads to no file of this repository'
        : `the link leads nowhere from here; ${written(meant)} would`,
    ...(meant === undefined ? {} : { replacement: written(meant) }),
    doubt: {
      paths: full === undefined || full === '' ? [] : [full],
      gone: (_, { path: was, movedTo }) => {
        const to = successor(was, movedTo, paths);
        return {
          severity: 'error',
          message: to === undefined ? `${was} was deleted` : `${was} has moved to ${to}`,
          ...(to === undefined ? {} : { replacement: written(to) }),
        };
      },
    },
  };
}

function only(found: readonly string[]): string | undefined {
  return found.length === 1 ? found[0] : undefined;
}

/** The way from a folder to a path, as a link writes it. */
function relativePath(from: string, to: string): string {
  const [a, b] = [from.split('/').filter(Boolean), to.split('/')];
  let same = 0;
  while (same < a.length && same < b.length - 1 && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}

function anchorless(
  link: Link,
  anchor: string,
  path: string,
  document: AgentDocument,
  world: World,
): Found | undefined {
  if (!/\.mdc?$/i.test(path) || /^L\d+/.test(anchor)) return undefined;
  const text = path === document.path ? undefined : world.file(path)?.text;
  if (path !== document.path && text === undefined) return undefined;
  const target = text === undefined ? document : documentOf(text, { path });
  if (target.unparsed !== undefined) return undefined;
  const wanted = (decode(anchor) ?? anchor).toLowerCase();
  if (anchorsOf(target).has(wanted)) return undefined;
  return {
    at: link.piece,
    severity: 'warning',
    message: `${path} has no heading #${anchor}`,
  };
}

const known = new WeakMap<AgentDocument, ReadonlySet<string>>();

/** What links may point at: headings as GitHub and GitLab name them, and ids in HTML. */
function anchorsOf(document: AgentDocument): ReadonlySet<string> {
  const cached = known.get(document);
  if (cached) return cached;
  const { default: Slugger } = require('github-slugger') as typeof import('github-slugger');
  const slugger = new Slugger();
  const anchors = new Set<string>();
  for (const node of document.tree.children) {
    if (node.type !== 'heading') continue;
    const text = plainText(node);
    const slug = slugger.slug(text);
    // GitLab makes one hyphen of several: doc/user/markdown.md, "Heading IDs and links".
    for (const each of [slug, slug.replaceAll(/-{2,}/g, '-')]) anchors.add(each).add(each.replace(/^-+|-+$/g, ''));
  }
  for (const [, id] of document.text.matchAll(/\b(?:id|name)=["']([^"']+)["']/g)) anchors.add(id!.toLowerCase());
  for (const [, id] of document.text.matchAll(/^#{1,6} .*\{#([\w-]+)\}\s*$/gm)) anchors.add(id!.toLowerCase());
  known.set(document, anchors);
  return anchors;
}
