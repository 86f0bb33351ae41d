import type { Definition, Image, Link, Nodes } from 'mdast';
import { parseMarkdown, parserTrap } from '../../facts/parse/markdown.ts';
import { joinPath, parentDir } from '../../facts/path-index.ts';
import { isInUse } from '../match.ts';
import type { Lint } from './lint.ts';
import type { World } from './world.ts';

const noOverview: Lint = {
  id: 'CDX711',
  name: 'no-overview',
  severity: 'warning',
  title: 'A domain without an overview page.',
  why: 'People find rules through the README.md of their folder.',
  *find(world) {
    for (const [domain, rules] of domains(world))
      if (domain !== '' && overviewOf(domain, world) === undefined)
        yield {
          file: rules[0]!,
          line: 1,
          message: `${domain} has no overview page; ${domain}/README.md lists its rules`,
        };
  },
};

const notLinked: Lint = {
  id: 'CDX712',
  name: 'not-linked',
  severity: 'warning',
  title: 'A rule in use, or the overview of a domain, that the overview page above it does not link.',
  why: 'Nobody comes across it.',
  *find(world) {
    for (const [folder, wanted] of wantedLinks(world)) {
      const page = overviewOf(folder, world);
      if (page === undefined) continue;
      const linked = new Set(linksOf(world.files.pages.get(page)!).map(({ url }) => targetOf(page, url)));
      for (const target of wanted)
        if (!linked.has(target) && !linked.has(parentDir(target)))
          yield { file: page, line: 1, message: `does not link ${target}` };
    }
  },
};

const deadLink: Lint = {
  id: 'CDX713',
  name: 'dead-link',
  severity: 'error',
  title: 'A relative link that leads nowhere.',
  why: 'A reader, or an agent that follows it, finds nothing.',
  *find(world) {
    const folders = new Set([...world.files.paths].flatMap(foldersOf));
    const texts: { file: string; text: string; line: number }[] = [
      ...[...world.files.pages].map(([file, text]) => ({ file, text, line: 1 })),
      ...world.files.read.map(({ rule, bodyLine }) => ({ file: rule.file, text: rule.body, line: bodyLine })),
    ];
    for (const { file, text, line } of texts)
      for (const link of linksOf(text)) {
        const target = targetOf(file, link.url);
        const place = { file, line: line + link.line - 1 };
        if (target === undefined) continue;
        if (target === null)
          yield { ...place, message: `the link ${link.url} leads out of the codex`, severity: 'warning' };
        else if (!world.files.paths.has(target) && !folders.has(target))
          yield { ...place, message: `the link ${link.url} leads nowhere: there is no ${target}` };
      }
  },
};

export const PAGE_LINTS: readonly Lint[] = [noOverview, notLinked, deadLink];

/** The files of rules in use, by the folder they lie in. */
function domains({ rules }: World): ReadonlyMap<string, readonly string[]> {
  const files = rules.flatMap(({ rule }) => (isInUse(rule) ? [rule] : []));
  const grouped = Map.groupBy(files, ({ domain }) => domain);
  return new Map([...grouped].map(([domain, group]) => [domain, group.map(({ file }) => file).sort()]));
}

function overviewOf(folder: string, { files }: World): string | undefined {
  const at = folder === '' ? '' : `${folder}/`;
  return [`${at}README.md`, `${at}index.md`].find((path) => files.pages.has(path));
}

/** What each overview page is to link: its own rules, and the overviews of the domains right below it. */
function wantedLinks(world: World): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, string[]>([...domains(world)].map(([domain, files]) => [domain, [...files]]));
  for (const domain of [...wanted.keys()]) {
    const page = domain === '' ? undefined : overviewOf(domain, world);
    if (page === undefined) continue;
    const above = parentDir(domain);
    wanted.set(above, [...(wanted.get(above) ?? []), page]);
  }
  return wanted;
}

/** The path from the root that a link leads to; `undefined` for the web and for the page itself, `null` out of the codex. */
function targetOf(file: string, url: string): string | null | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  if (path === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return undefined;
  return joinPath(parentDir(file), decoded(path)) ?? null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [''];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}

interface PageLink {
  readonly url: string;
  readonly line: number;
}

function linksOf(text: string): readonly PageLink[] {
  // Most bodies have no link; the parser costs more than all other lints.
  if (!/\]\(|\]:/.test(text) || parserTrap(text) !== undefined) return [];
  const links: PageLink[] = [];
  const open: Nodes[] = [parseMarkdown(text)];
  for (let node = open.pop(); node; node = open.pop()) {
    if (isLink(node)) links.push({ url: node.url, line: node.position?.start.line ?? 1 });
    if ('children' in node) open.push(...node.children.toReversed());
  }
  return links;
}

function isLink(node: Nodes): node is Link | Definition | Image {
  return node.type === 'link' || node.type === 'definition' || node.type === 'image';
}
