import { posix } from 'node:path';
import { visibleText } from '../../visible-text.ts';
import type { CodeSample, References, RenderedSection } from '../section.ts';

const MOST_COLUMNS = 20;
/** A longer line is data; links in it are left as they are. */
const LONGEST_LINE = 20_000;

/** A section of Markdown as the body of a rule: headings become bold lines, links to other rules their IDs, code under "Bad" and "Good" examples. */
export function renderMarkdown(doc: string, source: string, refs: References): RenderedSection {
  const bad: CodeSample[] = [];
  const good: CodeSample[] = [];
  const out: string[] = [];
  const table = new SideBySide();
  let fence:
    | { readonly sign: string; readonly indent: number; readonly language: string; readonly code: string[] }
    | undefined;
  const definitions = definitionsOf(source);
  const lines = withoutComments(visibleText(source)).split('\n');
  for (const [at, line] of lines.entries()) {
    if (fence) {
      const close = /^\s*(`{3,}|~{3,})\s*$/.exec(line)?.[1];
      if (close === undefined || !close.startsWith(fence.sign)) {
        fence.code.push(line.slice(Math.min(fence.indent, line.length - line.trimStart().length)));
        if (at < lines.length - 1) continue;
      }
      const sample = { language: fence.language, code: fence.code.join('\n') };
      const kind = isProse(sample) ? undefined : (table.kind() ?? labelled(out));
      if (kind === undefined) {
        const label = table.kind();
        if (label) out.push('', `${label === 'bad' ? 'Bad' : 'Good'}:`, '');
        const pad = ' '.repeat(fence.indent);
        out.push(...[`${fence.sign}${fence.language}`, ...fence.code, fence.sign].map((each) => pad + each));
      } else (kind === 'bad' ? bad : good).push(sample);
      fence = undefined;
      continue;
    }
    const opening = /^(\s*)(`{3,}|~{3,})\s*([\w+#.-]{0,40})/.exec(line);
    if (opening) {
      fence = { sign: opening[2]!, indent: opening[1]!.length, language: opening[3]!, code: [] };
      continue;
    }
    if (/^ {0,3}\[[^\]]{1,300}\]:\s/.test(line)) continue;
    const cell = table.read(line);
    if (cell === undefined) out.push(text(doc, heading(line, lines[at + 1]), refs, definitions));
    else if (cell !== '') out.push(text(doc, cell, refs, definitions));
  }
  const body = out
    .filter((line, at) => !/^ {0,3}(?:=+|-+)\s*$/.test(line) || (out[at - 1] ?? '').trim() === '')
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { body, bad, good };
}

/** Output of programs is no example of code, and what is left out with `...` does not parse. Both stay in the text. */
function isProse({ language, code }: CodeSample): boolean {
  return (
    /^(?:plain|text|txt|console|output)$/i.test(language) || /(?:^|[\s({[,=])(?:\.{3}|…)(?=$|[\s)}\],;])/m.test(code)
  );
}

/** "Bad:" or "**Good**" as the last thing said. The label is taken out again: the example has it. */
function labelled(out: string[]): 'bad' | 'good' | undefined {
  let last = out.length - 1;
  while (last >= 0 && out[last]!.trim() === '') last--;
  const label =
    /^\s*[*_#]{0,4}\s*(?:\p{So}\ufe0f?\s*)?(bad|don['\u2019]?t|wrong|incorrect|good|do|right|correct)[*_]{0,2}\s*:?\s*[*_]{0,2}\s*$/iu.exec(
      out[last] ?? '',
    )?.[1];
  if (label === undefined) return undefined;
  out.length = last;
  return /^(?:bad|don|wrong|incorrect)/i.test(label) ? 'bad' : 'good';
}

/** A table of HTML with the columns Bad and Good, cell by cell. Its tags are no part of the text. */
class SideBySide {
  #columns: ('bad' | 'good' | undefined)[] = [];
  #open = false;
  #cell = -1;
  #said = false;

  /** The column of what comes next. */
  kind(): 'bad' | 'good' | undefined {
    return this.#cell < 0 ? undefined : this.#columns[this.#cell];
  }

  /** Text of a line in such a table; `undefined` for lines outside. */
  read(line: string): string | undefined {
    if (!this.#open) {
      if (!/^\s*<table[\s>]/i.test(line)) return undefined;
      this.#open = true;
      this.#columns = [];
      this.#cell = -1;
    }
    for (const [, head] of line.matchAll(/<th(?:\s[^>]{0,200})?>([^<]{0,100})/gi)) {
      const kind = /^\s*bad\s*$/i.test(head!) ? 'bad' : /^\s*good\s*$/i.test(head!) ? 'good' : undefined;
      if (this.#columns.length < MOST_COLUMNS) this.#columns.push(kind);
    }
    for (const [tag] of line.matchAll(/<(?:tr|td|\/td)[\s>]/gi)) {
      if (/^<tr/i.test(tag)) this.#cell = -1;
      else if (/^<td/i.test(tag)) this.#cell++;
      this.#said = false;
    }
    const words = line.replace(/<\/?(?:table|thead|tbody|tr|th|td)\b[^>]{0,300}>/gi, (tag) =>
      /^<th/i.test(tag) ? '\ue000' : ' ',
    );
    const text = words.replace(/\ue000[^\ue000]*/g, '').trim();
    if (/<\/table\s*>/i.test(line)) {
      this.#open = false;
      this.#cell = -1;
    }
    if (text === '') return '';
    const kind = this.kind();
    if (kind === undefined || this.#said) return text;
    this.#said = true;
    return `\n${kind === 'bad' ? 'Bad' : 'Good'}: ${text}`;
  }
}

/** A heading inside of a rule is a bold line. */
function heading(line: string, next: string | undefined): string {
  const atx = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/.exec(line);
  if (atx) return `**${atx[1]!.replaceAll('**', '')}**`;
  const setext = next !== undefined && /^ {0,3}=+\s*$/.test(next) && /^ {0,3}[^\s#>|*+-]/.test(line);
  return setext ? `**${line.trim()}**` : line;
}

/** `[words]: address` by the words. */
function definitionsOf(source: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, label, address] of source.matchAll(/^ {0,3}\[([^\]\n]{1,300})\]:\s+<?([^\s>]{1,1000})/gm))
    if (!found.has(label!.toLowerCase())) found.set(label!.toLowerCase(), address!);
  return found;
}

/** Links to other rules say their ID, other relative ones only their words: they lead nowhere from here. */
function text(doc: string, line: string, refs: References, definitions: ReadonlyMap<string, string>): string {
  if (line.length > LONGEST_LINE) return line;
  const spans: string[] = [];
  const words = line.replace(/`[^`]{1,1000}`/g, (span) => `\ue000${spans.push(span) - 1}\ue001`);
  const restored = (part: string): string => part.replace(/\ue000(\d+)\ue001/g, (_, at: string) => spans[Number(at)]!);
  const link = (label: string, address: string): string => {
    if (/^(?:https?|mailto):/i.test(address)) return `[${label}](${address})`;
    const [path, anchor = ''] = address.split('#');
    const target = path === '' ? doc : posix.normalize(posix.join(posix.dirname(doc), path!));
    const rule = refs(target, anchor.toLowerCase());
    return rule?.id === undefined ? label : `${label} (${rule.id})`;
  };
  return restored(
    words
      .replace(/!\[([^\]]{0,500})\]\([^)\s]{0,1000}[^)]{0,300}\)/g, (_, alt: string) =>
        alt === '' ? '' : `(image: ${alt})`,
      )
      .replace(/\[([^[\]]{1,500})\]\(<?([^)\s>]{1,1000})>?(?:\s+"[^"]{0,300}")?\)/g, (_, label, address) =>
        link(label, address),
      )
      .replace(
        /\[([^[\]]{1,500})\](?:\[([^[\]]{0,300})\])?(?![[(])/g,
        (whole, label: string, name: string | undefined) => {
          const address = definitions.get(restored(name || label).toLowerCase());
          return address === undefined ? whole : link(label, address);
        },
      ),
  );
}

/** Comments outside of code are no text. An unclosed one hides nothing. */
export function withoutComments(text: string): string {
  const last = text.lastIndexOf('-->');
  let fence: string | undefined;
  let hidden = false;
  let offset = 0;
  const out: string[] = [];
  for (const line of text.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    const sign = hidden ? undefined : /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (sign !== undefined) fence = fence === undefined ? sign : sign.startsWith(fence) ? undefined : fence;
    if (fence !== undefined) {
      out.push(line);
      continue;
    }
    let shown = '';
    let at = 0;
    while (at < line.length) {
      const mark = line.indexOf(hidden ? '-->' : '<!--', at);
      if (!hidden) shown += line.slice(at, mark < 0 ? undefined : mark);
      if (mark < 0) break;
      if (!hidden && last < start + mark) {
        shown += `\\${line.slice(mark)}`;
        break;
      }
      at = mark + (hidden ? 3 : 4);
      hidden = !hidden;
    }
    out.push(shown);
  }
  return out.join('\n');
}
