/** Characters of a comment: a longer one is a text that somebody pasted, and no reply. */
const LONGEST = 8_000;
/** Characters of a line; a longer one is prose. */
const LONGEST_LINE = 500;

/** Fences whose inside is no paragraph, up to a line that ends them: code, GitLab's formulas and its quotes over many lines. */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,}|\$\$|>>>[ \t]*$)/;
/** On the first line: front matter. */
const FRONT_MATTER = /^(---|\+\+\+|;;;)/;
const QUOTE = /^\s*>/;
const LIST = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
/** Of a link or a footnote. */
const DEFINITION = /^\s*\[[^\]]*\]:/;
const HTML = /^\s*<(?!https?:)[a-z/!?]/i;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
/** Below the head of a table. */
const DELIMITERS = /^[ \t|:-]*-[ \t|:-]*$/;
const INDENTED = /^(?: {4}| {0,3}\t)/;

/**
 * The lines of a comment that stand in plain paragraphs, with what stands at the left edge of none: quotes, lists, tables, code,
 * headings, HTML. Reads each character a fixed number of times, because anybody may write a comment. Where it cannot tell, the
 * line counts as none: so does what follows HTML, or code within a list.
 */
export function plainLines(comment: string): readonly string[] {
  if (comment.length > LONGEST) return [];
  const plain: string[] = [];
  /** Of the paragraph that is being read. */
  let paragraph: string[] = [];
  /** Until the next empty line nothing counts. */
  let closed = false;
  let inList = false;
  /** Nothing counts any more once this paragraph has ended. */
  let last = false;
  let fence: string | undefined;
  const end = (): void => {
    plain.push(...paragraph);
    paragraph = [];
  };
  for (const [at, line] of comment.split(/\r\n|\n|\r/).entries()) {
    if (fence !== undefined) {
      if (endsFence(line, fence)) fence = undefined;
      continue;
    }
    if (line.trim() === '') {
      if (last) break;
      end();
      closed = false;
      continue;
    }
    const opened = (at === 0 && FRONT_MATTER.exec(line)?.[1]) || FENCE.exec(line)?.[1];
    if (opened && inList && /^\s/.test(line)) break;
    if (opened && !last) {
      end();
      [fence, closed, inList] = [opened.trim(), false, false];
      continue;
    }
    if (HTML.test(line)) last = closed = true;
    if (closed) {
      inList ||= LIST.test(line);
      if (UNDERLINE.test(line) || DELIMITERS.test(line)) paragraph = [];
    } else if (UNDERLINE.test(line)) {
      paragraph = [];
      inList = false;
    } else if (LIST.test(line) || DEFINITION.test(line) || QUOTE.test(line)) {
      closed = true;
      inList ||= !QUOTE.test(line);
    } else if (paragraph.length === 0 && /^\s/.test(line) && (inList || INDENTED.test(line))) {
      closed = true;
    } else if (DELIMITERS.test(line)) {
      paragraph = [];
      closed = true;
    } else {
      inList = false;
      if (line.length <= LONGEST_LINE) paragraph.push(line);
      closed = line.length > LONGEST_LINE || staysOpen(line);
    }
  }
  end();
  return plain;
}

function endsFence(line: string, fence: string): boolean {
  const said = line.trim();
  // Only what opens with backquotes or tildes may end with more of them.
  return /^[`~]/.test(fence) ? said.startsWith(fence) && said === fence[0]!.repeat(said.length) : said === fence;
}

const CODE_SPANS = /(?<!`)(`+)(?!`)[^`]+(?<!`)\1(?!`)/g;
const LINKS = /\]\([^()\s"'<]*\)/g;

/** Whether code, a link or a tag that begins on a line may go on below it. */
function staysOpen(line: string): boolean {
  if (/\\[`[\]<(]/.test(line)) return true;
  const rest = line.replace(CODE_SPANS, '').replace(LINKS, ']');
  if (/`|\]\(|<[a-z/!?]/i.test(rest)) return true;
  let depth = 0;
  for (const character of rest) {
    if (character === '[') depth++;
    else if (character === ']' && depth > 0) depth--;
  }
  return depth > 0;
}
