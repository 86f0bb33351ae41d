import { fenced } from '../../fence.ts';
import { Delimiters } from './delimiters.ts';
import { escapeTags, type InlineContext, inline } from './inline.ts';
import { isListLine, list } from './lists.ts';
import { table } from './tables.ts';

/** What stands in front of a block: `[source,yaml]`, `.Title`. */
interface BlockStart {
  readonly attributes: string;
  readonly title: string;
}

const NOTHING: BlockStart = { attributes: '', title: '' };
const DEEPEST = 8;
const ADMONITION = /^(NOTE|TIP|WARNING|IMPORTANT|CAUTION): +(.*)$/;

/** Blocks of AsciiDoc as lines of Markdown. Headings among them become bold lines: a rule has no sections. */
export function blocks(lines: readonly string[], context: InlineContext, depth = 0): readonly string[] {
  if (depth > DEEPEST) return fenced('text', lines.join('\n')).split('\n');
  const delimiters = new Delimiters(lines);
  const out: string[] = [];
  const put = (block: readonly string[]): void => {
    if (block.length > 0) out.push(...(out.length > 0 ? [''] : []), ...block);
  };
  let start = NOTHING;
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === '' || isSilent(line)) {
      at++;
      continue;
    }
    const attributes = /^\[(?!\[)([^\]]{0,1000})\]\s*$/.exec(line);
    if (attributes || /^\[\[[^\]]{1,300}\]\]\s*$/.test(line)) {
      start = { ...start, attributes: `${start.attributes} ${attributes?.[1] ?? ''}`.trim() };
      at++;
      continue;
    }
    const title = /^\.([^\s.].*)$/.exec(line);
    if (title) {
      start = { ...start, title: title[1]! };
      at++;
      continue;
    }
    const close = delimiters.close(line, at);
    if (close !== undefined) {
      put(delimited(line, lines.slice(at + 1, close), start, context, depth));
      at = close + 1;
    } else if (isListLine(line)) {
      const { block, next } = list(lines, at, delimiters, context, (inner) => blocks(inner, context, depth + 1));
      put([...titleLine(start, context), ...block]);
      at = next;
    } else {
      const end = paragraphEnd(lines, at, delimiters);
      put(paragraph(lines.slice(at, end), start, context));
      at = end;
    }
    start = NOTHING;
  }
  return out;
}

/** Comments, conditions, settings and page breaks say nothing. */
function isSilent(line: string): boolean {
  return (
    /^\/\/(?!\/\/$)/.test(line) ||
    /^(?:ifdef|ifndef|ifeval|endif|toc|include)::/.test(line) ||
    /^:!?[\w][\w-]*!?:(?: |$)/.test(line) ||
    /^(?:<<<|\+)\s*$/.test(line)
  );
}

function paragraphEnd(lines: readonly string[], from: number, delimiters: Delimiters): number {
  let end = from + 1;
  while (end < lines.length) {
    const line = lines[end]!;
    if (line.trim() === '' || delimiters.close(line, end) !== undefined || /^\[[^\]]{1,1000}\]\s*$/.test(line)) break;
    end++;
  }
  return end;
}

function paragraph(lines: readonly string[], start: BlockStart, context: InlineContext): readonly string[] {
  const [first] = lines;
  const heading = /^(?:={1,6}|#{1,6})\s+(\S.*)$/.exec(first!);
  if (heading) {
    const text = inline(heading[1]!.replace(/\s=+$/, ''), context);
    return [`**${text.replaceAll('**', '')}**`, ...(lines.length > 1 ? ['', ...words(lines.slice(1), context)] : [])];
  }
  const language = sourceLanguage(start.attributes);
  if (language !== undefined) return [...titleLine(start, context), ...fenced(language, lines.join('\n')).split('\n')];
  const admonition = ADMONITION.exec(first!);
  if (admonition) return noted(admonition[1]!, words([admonition[2]!, ...lines.slice(1)], context));
  const named = admonitionOf(start.attributes);
  if (named !== undefined) return noted(named, words(lines, context));
  // A line that begins with a space is literal.
  if (/^[ \t]/.test(first!)) return fenced('text', lines.join('\n')).split('\n');
  if (/^'{3,}\s*$/.test(first!)) return ['***', ...(lines.length > 1 ? ['', ...words(lines.slice(1), context)] : [])];
  return [...titleLine(start, context), ...words(lines, context)];
}

function delimited(
  delimiter: string,
  inner: readonly string[],
  start: BlockStart,
  context: InlineContext,
  depth: number,
): readonly string[] {
  const sign = delimiter.trimEnd();
  const title = titleLine(start, context);
  if (/^\/{4,}$/.test(sign)) return [];
  if (/^[|,:!]=/.test(sign)) return [...spaced(title), ...table(inner, start.attributes, context)];
  const verbatim = /^(?:-{4,}|\.{4,}|`{3})/.test(sign);
  if (verbatim || (sign === '--' && sourceLanguage(start.attributes) !== undefined)) {
    const code = inner.filter((line) => !/^include::[^[]*\[[^\]]*\]\s*$/.test(line));
    if (code.every((line) => line.trim() === '')) return [];
    const language = /^`{3}([\w-]+)/.exec(sign)?.[1] ?? sourceLanguage(start.attributes) ?? 'text';
    return [...spaced(title), ...fenced(language, code.join('\n')).split('\n')];
  }
  if (/^\+{4,}$/.test(sign)) return inner.map(escapeTags);
  const content = blocks(inner, context, depth + 1);
  const named = admonitionOf(start.attributes);
  if (named !== undefined) return noted(named, [...spaced(title), ...content]);
  if (/^_{4,}$/.test(sign)) return [...spaced(title), ...content.map((line) => `> ${line}`.trimEnd())];
  return [...spaced(title), ...content];
}

function words(lines: readonly string[], context: InlineContext): readonly string[] {
  const text = lines.filter((line) => !isSilent(line)).join('\n');
  // What begins a heading, a list or a rule in Markdown was words in AsciiDoc.
  return inline(text, context)
    .split('\n')
    .map((line) => line.trim().replace(/^(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|={2,}$|-{2,}$|>)/, '\\'));
}

function noted(kind: string, lines: readonly string[]): readonly string[] {
  const label = `**${kind[0]}${kind.slice(1).toLowerCase()}:**`;
  return [`> ${label} ${lines[0] ?? ''}`.trimEnd(), ...lines.slice(1).map((line) => `> ${line}`.trimEnd())];
}

function admonitionOf(attributes: string): string | undefined {
  return /(?:^|\s)(NOTE|TIP|WARNING|IMPORTANT|CAUTION)\b/.exec(attributes)?.[1];
}

/** `source,yaml`, `source, http`, `source,java,linenums`; `''` where none is named. */
function sourceLanguage(attributes: string): string | undefined {
  const source = /(?:^|\s)(?:source|listing)?(?:%[\w-]+)*\s*,\s*"?([\w+#-]{1,30})/.exec(attributes);
  if (source && /(?:^|\s)source|^,/.test(attributes)) return source[1]!;
  return /(?:^|\s)(?:source|literal|listing)\b/.test(attributes) ? '' : undefined;
}

function titleLine({ title }: BlockStart, context: InlineContext): readonly string[] {
  return title === '' ? [] : [`**${inline(title, context).replaceAll('**', '')}**`];
}

function spaced(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}
