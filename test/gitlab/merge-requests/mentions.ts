import { remark } from 'remark';
import remarkGfm from 'remark-gfm';

export interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  /** Of a fence: the first word behind it. */
  readonly lang?: string | null;
  readonly children?: readonly MarkdownNode[];
  readonly position?: {
    readonly start: { readonly line: number; readonly offset?: number };
    readonly end: { readonly line: number; readonly offset?: number };
  };
}

/**
 * Names that a text calls with `@`, once each. Not in code, not in a link, not after a backslash
 * (lib/banzai/filter/references/user_reference_filter.rb, doc/user/markdown.md).
 */
export function mentionsIn(markdown: string): string[] {
  const found = new Set<string>();
  visit(parseMarkdown(markdown), markdown, found);
  return [...found];
}

export function parseMarkdown(markdown: string): MarkdownNode {
  return remark().use(remarkGfm).parse(markdown) as MarkdownNode;
}

function visit(node: MarkdownNode, markdown: string, found: Set<string>): void {
  // remark-gfm takes `name@host.tld` for a link of its own; what is left as text can be a mention.
  if (node.type === 'link' || node.type === 'linkReference') return;
  if (node.type === 'text') for (const name of namesIn(sourceOf(node, markdown))) found.add(name);
  for (const child of node.children ?? []) visit(child, markdown, found);
}

/** The source, so that `\@name` is told from `&#64;name`: the first is no reference, the second is one. */
function sourceOf({ position, value = '' }: MarkdownNode, markdown: string): string {
  const { start, end } = position ?? {};
  if (start?.offset === undefined || end?.offset === undefined) return value;
  const escaped = markdown.slice(start.offset, end.offset).replace(/\\[!-/:-@[-`{-~]/g, '\uFFFC');
  return escaped.replace(/&#(?:x([0-9a-f]+)|(\d+));|&commat;/gi, (all, hex, decimal) => {
    if (all === '&commat;') return '@';
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
  });
}

/** app/models/user.rb: reference_pattern. A group's path can be meant, too. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/(?<!\w)@([a-z0-9_][\w./-]*)/gi)].map(([, name = '']) => name.replace(/[./-]+$/, ''));
}
