/** Words in a row that make two texts say the same: the measure of the studies on copied text. */
const LENGTH = 5;

/** Every run of five words of a text, without the marks between them. Code blocks and code spans are left out: commands may be told twice. */
export function shinglesOf(text: string): Iterable<string> {
  return runs(wordsOf(text));
}

/** The words of a Markdown text, in lower case; those of code are left out, addresses too. */
function wordsOf(text: string): readonly string[] {
  const plain = unfenced(uncommented(text))
    .replace(/`[^`\n]{1,300}`/g, ' ')
    .replace(/\]\([^()\s]{1,500}\)/g, '] ')
    .replace(/https?:\/\/\S{1,500}/g, ' ');
  return plain.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function unfenced(text: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^[ \t>]{0,8}(`{3,40}|~{3,40})/.exec(line)?.[1];
    if (fence === undefined && mark === undefined) kept.push(line);
    else if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence)) fence = undefined;
  }
  return kept.join('\n');
}

/** Licences stand in comments at the top of many files. */
function uncommented(text: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('<!--', from);
    const end = start < 0 ? -1 : text.indexOf('-->', start + 4);
    if (end < 0) return kept + text.slice(from);
    kept += `${text.slice(from, start)} `;
    from = end + 3;
  }
}

function* runs(words: readonly string[]): Iterable<string> {
  for (let i = 0; i + LENGTH <= words.length; i++) yield words.slice(i, i + LENGTH).join(' ');
}
