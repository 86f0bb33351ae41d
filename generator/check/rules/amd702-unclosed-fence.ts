import type { Code, Heading, Nodes } from 'mdast';
import type { AgentDocument } from '../../documents/document.ts';
import { pieceOfLine } from '../piece.ts';
import type { Fix, Found, Rule } from '../rule.ts';

/** A code block that is never closed goes on to the end of the file. */
export const unclosedFence: Rule = {
  id: 'AMD702',
  name: 'unclosed-fence',
  severity: 'error',
  title: 'A code block is never closed and swallows what follows, or a heading skips a level.',
  why: 'What a code block swallows reads as an example and no longer as an instruction; below a skipped level a section reads as part of another one.',
  source: 'https://spec.commonmark.org/0.31.2/#fenced-code-blocks',
  *check(document) {
    const block = unclosedBlock(document);
    if (block) yield unclosed(document, block);
    const jumps = document.tree.children.filter((node): node is Heading => node.type === 'heading').filter(isJump);
    if (jumps[0]) yield jump(document, jumps[0], jumps.length);
  },
};

interface Block {
  readonly node: Code;
  readonly fence: string;
  /** It stands in no list or quote, whose end would be its end too. */
  readonly open: boolean;
}

/** The fenced block that the end of the document closes. Only the last thing in it can be that. */
function unclosedBlock({ tree, text }: AgentDocument): Block | undefined {
  let node: Nodes = tree;
  let depth = 0;
  for (; 'children' in node; depth++) {
    const last: Nodes | undefined = node.children.at(-1);
    if (!last) return undefined;
    node = last;
  }
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (node.type !== 'code' || start === undefined || end === undefined) return undefined;
  const source = text.slice(start, end).trimEnd();
  const fence = /^(?:`{3,}|~{3,})/.exec(source)?.[0];
  if (fence === undefined) return undefined;
  const last = /\n[ \t>]*(`{3,}|~{3,})$/.exec(source.slice(-200))?.[1];
  if (last?.startsWith(fence)) return undefined;
  return { node, fence, open: depth === 1 };
}

function unclosed(document: AgentDocument, { node, fence, open }: Block): Found {
  const line = node.position!.start.line;
  const at = pieceOfLine(document, line);
  const swallowed = open ? swallowedLine(node, fence) : undefined;
  if (swallowed !== undefined) {
    const what = `line ${line + 1 + swallowed} among them`;
    const message = `this code block is never closed: everything below is code, ${what}; close it where the example ends`;
    return { at, severity: 'error', message };
  }
  if (node.value.trim() === '')
    return { at, severity: 'warning', message: 'this fence opens a code block with nothing in it: take it out' };
  const message = 'this code block is never closed: what is written below it one day will be code';
  const fix = open ? closing(document, node, fence) : undefined;
  return { at, severity: 'warning', message, ...(fix ? { fix } : {}) };
}

/** Languages in which a line that begins with `#` is a remark, or that show Markdown. */
const HASHED =
  /^(?:md|mdx|markdown|sh|bash|shell|zsh|console|fish|py|python|rb|ruby|ya?ml|toml|ini|make|makefile|docker|dockerfile|r|perl|conf|env|dotenv|elixir|nix|graphql|hcl|tf|terraform|powershell|ps1|text|txt)$/i;

/** Which line of a block (from 0) cannot be code of it: one that begins another block, or a heading. */
function swallowedLine({ value, lang }: Code, fence: string): number | undefined {
  const lines = value.split('\n');
  const shows = /^(?:md|mdx|markdown)$/i.test(lang ?? '');
  const opens = new RegExp(`^ {0,3}${fence[0]}{3,} ?[a-z][\\w+-]*\\s*$`);
  const another = shows ? -1 : lines.findIndex((line) => opens.test(line));
  if (another >= 0) return another;
  if (HASHED.test(lang ?? '')) return undefined;
  const heading = lines.findIndex((line, at) => /^#{2,6} \S/.test(line) && at > 0 && lines[at - 1]!.trim() === '');
  return heading >= 0 ? heading : undefined;
}

/** The fence at the end: it changes nothing of what readers see. Not where blank lines may part the code from text. */
function closing({ text }: AgentDocument, { value }: Code, fence: string): Fix | undefined {
  if (/\n[ \t]*\n/.test(value)) return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const end = text.length;
  return { start: end, end, text: /[\r\n]$/.test(text) ? `${fence}${eol}` : `${eol}${fence}` };
}

function isJump({ depth }: Heading, at: number, headings: readonly Heading[]): boolean {
  const before = headings[at - 1];
  return before !== undefined && depth > before.depth + 1;
}

function jump(document: AgentDocument, heading: Heading, count: number): Found {
  const more = count > 1 ? `; so do ${count - 1} more` : '';
  return {
    at: pieceOfLine(document, heading.position!.start.line),
    severity: 'info',
    message: `a heading of level ${heading.depth} below one of level ${heading.depth - 2} or higher skips a level${more}`,
  };
}
