import type { Nodes } from 'mdast';
import { remark } from 'remark';
import gfm from 'remark-gfm';

/**
 * What GitLab would do with a text, written from its own sources and apart from the renderer: a check that shares no
 * pattern with what it checks.
 */
export interface Seen {
  readonly actions: readonly string[];
  readonly images: number;
  readonly html: readonly string[];
  readonly links: readonly string[];
  readonly references: readonly string[];
  /** Nodes that are made by Markdown that nobody of us writes: definitions, footnotes, rules, deletions. */
  readonly odd: readonly string[];
  readonly languages: readonly string[];
}

const PARSER = remark().use(gfm).freeze();

export function seenByGitlab(text: string): Seen {
  const nodes = [...every(PARSER.parse(text))];
  const of = <T extends Nodes['type']>(type: T) =>
    nodes.filter((node): node is Extract<Nodes, { type: T }> => node.type === type);
  return {
    actions: [...actionsBefore17(text), ...actions(text)],
    images: of('image').length + of('imageReference').length,
    html: of('html').map(({ value }) => value),
    links: of('link').map(({ url }) => url),
    references: of('text').flatMap(({ value }) => referencesIn(value)),
    odd: nodes
      .map(({ type }) => type)
      .filter((type) => /definition|footnote|thematic|delete|Reference|break/i.test(type)),
    languages: of('code').flatMap(({ lang }) => lang ?? []),
  };
}

/** What stands in code, in a span or a block. */
export function codeIn(text: string): readonly string[] {
  return [...every(PARSER.parse(text))].flatMap((node) =>
    node.type === 'inlineCode' || node.type === 'code' ? node.value : [],
  );
}

function* every(node: Nodes): Iterable<Nodes> {
  yield node;
  if ('children' in node) for (const child of node.children) yield* every(child);
}

/** Any word for a command: the list of them grows with every release. */
const COMMAND = String.raw`^\/(?<cmd>[a-z_]+)(?:[ ](?<arg>[^\n]*))?(?:\s*\n|$)`;
const HTML_BLOCK = String.raw`(?:^<[^>]+?>\n\n.+?\n<\/[^>]+?>$)`;

/** lib/gitlab/quick_actions/extractor.rb since 17: top-level paragraphs, and there what is no inline code. */
export function actions(content: string): readonly string[] {
  const text = content.replaceAll('\r', '');
  const lines = text.split('\n');
  const pattern = new RegExp(`(?:\`.+?\`)|${HTML_BLOCK}|${COMMAND}`, 'gims');
  return PARSER.parse(text).children.flatMap((node) => {
    if (node.type !== 'paragraph' || !/^\//m.test(contentOf(node))) return [];
    const { start, end } = node.position!;
    return commands(`${lines.slice(start.line - 1, end.line).join('\n')}\n`, pattern);
  });
}

/** The same file before 17: regular expressions over the whole text. */
export function actionsBefore17(content: string): readonly string[] {
  const skipped = [
    '(?:^```.+?\\n```$)',
    '(?:^.*`\\n*.+?\\n*`$)',
    '(?:^<[^>]+?>\\n.+?\\n<\\/[^>]+?>$)',
    '(?:^>>>.+?\\n>>>$)',
  ];
  return commands(content.replaceAll('\r', ''), new RegExp(`${skipped.join('|')}|${COMMAND}`, 'gims'));
}

function commands(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.cmd ?? []);
}

function contentOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(contentOf).join('') : '';
}

const PROJECT = String.raw`(?:[a-zA-Z0-9_.][\w.-]*(?:\/[a-zA-Z0-9_.][\w.-]*)+)?`;

/** `reference_pattern` of User, Issue, MergeRequest, Epic, Snippet, Label, Milestone, Iteration, Vulnerability …, Commit. */
const REFERENCES: readonly RegExp[] = [
  /(?<!\w)@(?:[a-zA-Z0-9_.][\w.-]*[\w-]|\w)/g,
  new RegExp(`${PROJECT}#\\d+`, 'g'),
  /\bGL-\d+/g,
  new RegExp(`${PROJECT}!\\d+`, 'g'),
  new RegExp(`${PROJECT}&\\d+`, 'g'),
  new RegExp(`${PROJECT}\\$\\d+`, 'g'),
  new RegExp(`${PROJECT}\\^#\\d+`, 'g'),
  new RegExp(`${PROJECT}~(?:\\d+|[A-Za-z0-9_?.&-]+|".+?")`, 'g'),
  new RegExp(`${PROJECT}%(?:\\d+|[A-Za-z0-9_-]+|"[^\\n]+?")`, 'g'),
  /\*iteration:(?:\d+|"[^"]+")/g,
  /\[(?:vulnerability|feature_flag|issue|epic|work_item|contact|cadence|wiki_page):[^\]]+\]/g,
  /(?<![\w/.-])[0-9a-f]{7,40}(?![\w/-])/g,
  /(?<![A-Za-z0-9])(?!UTF|SHA|ISO|CVE|CWE|AES|RSA|IEEE|GPT)[A-Z][A-Z0-9_]+-\d+/g,
  /[a-z][a-z0-9+.-]+:\/\/[^\s>]+/g,
  /\[\[.+?\]\]/g,
  /%\{\w+\}/g,
];

export function referencesIn(text: string): readonly string[] {
  return REFERENCES.flatMap((pattern) => [...text.matchAll(pattern)].map(([found]) => found));
}

/** doc/administration/settings/issue_closing_pattern.md, the default, over raw text. */
export function closedBy(text: string): readonly string[] {
  const reference = String.raw`(?:https?:\/\/\S+|(?:[\w.-]+\/)*[\w.-]*#\d+|[A-Z][A-Z0-9_]+-\d+)`;
  const pattern = `\\b(?:[Cc]los(?:e[sd]?|ing)|[Ff]ix(?:e[sd]|ing)?|[Rr]esolv(?:e[sd]?|ing)|[Ii]mplement(?:s|ed|ing)?):? +(?:issues? +)?${reference}`;
  return [...text.matchAll(new RegExp(pattern, 'g'))].map(([found]) => found);
}
