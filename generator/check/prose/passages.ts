import type { AgentDocument } from '../../documents/document.ts';

/**
 * A paragraph, a list item, a heading, a table row, or one line of a fenced block, told apart by the lines alone: what is
 * looked for here is looked for in documents that are too large or too nasty to parse, too.
 */
export interface Passage {
  readonly kind: 'text' | 'heading' | 'code';
  /** As it stands in the document, line ends included. */
  readonly text: string;
  /** Where it begins in the document. */
  readonly start: number;
  /** The headings it stands under, from the outermost; empty for those too. */
  readonly headings: readonly string[];
  /** The passage before it that ends in a colon: what a list or a block is about. */
  readonly lead: string;
  /** Of code: the first word after the fence, lower-case. */
  readonly language?: string;
}

const FENCE = /^[ \t>]{0,12}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})?(`{3,}|~{3,})[ \t]*([\w#+-]*)/;
const HEADING = /^[ \t]{0,3}(#{1,6})[ \t]+(.*)$/;
const NEW_PASSAGE = /^[ \t>]{0,40}(?:[-*+][ \t]|\d{1,9}[.)][ \t]|\||<!--|\[[^\]\n]{1,80}\]:)/;

const known = new WeakMap<AgentDocument, readonly Passage[]>();

/** The passages of a document in reading order. */
export function passagesOf(document: AgentDocument): readonly Passage[] {
  let passages = known.get(document);
  if (!passages) {
    passages = [...read(document)];
    known.set(document, passages);
  }
  return passages;
}

function* read({ text, lines }: AgentDocument): Iterable<Passage> {
  let headings: readonly { readonly depth: number; readonly text: string }[] = [];
  let lead = '';
  let open: { readonly start: number; end: number } | undefined;
  let fence: { readonly mark: string; readonly language: string } | undefined;
  const finish = function* (): Iterable<Passage> {
    if (!open) return;
    const passage = text.slice(open.start, open.end);
    yield { kind: 'text', text: passage, start: open.start, headings: headings.map((each) => each.text), lead };
    const isItem = NEW_PASSAGE.test(passage);
    // The items of a list share what was said before it.
    if (/:[*_\s]*$/.test(passage.slice(-20))) lead = passage.slice(-400);
    else if (!isItem) lead = '';
    open = undefined;
  };
  for (let number = 1; number <= lines.count; number++) {
    const line = lines.line(number);
    const start = lines.startOf(number);
    const end = start + line.length;
    const mark = FENCE.exec(line);
    if (fence) {
      if (mark && mark[2] === '' && mark[1]!.startsWith(fence.mark)) fence = undefined;
      else
        yield {
          kind: 'code',
          text: line,
          start,
          headings: headings.map((each) => each.text),
          lead,
          language: fence.language,
        };
      continue;
    }
    if (mark) {
      yield* finish();
      fence = { mark: mark[1]!, language: mark[2]!.toLowerCase() };
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      yield* finish();
      const depth = heading[1]!.length;
      headings = headings.filter((each) => each.depth < depth);
      lead = '';
      yield { kind: 'heading', text: line, start, headings: headings.map((each) => each.text), lead };
      headings = [...headings, { depth, text: heading[2]! }];
      continue;
    }
    if (line.trim() === '') {
      yield* finish();
      continue;
    }
    if (NEW_PASSAGE.test(line)) yield* finish();
    if (open) open.end = end;
    else open = { start, end };
  }
  yield* finish();
}
