/**
 * What a line of a task's Ruby runs in a shell: `sh "..."`, `system(...)`, `ruby "..."`, backticks. What is only known
 * when Ruby runs stands as a shell variable: a command that depends on it is not said, but it is known to be there.
 */
export function shellLines(text: string): readonly string[] {
  if (text.length > MAX_LENGTH) return [];
  const found: string[] = [];
  for (const call of text.matchAll(CALL)) {
    const line = argumentsOf(text.slice(call.index + call[0].length));
    if (line !== undefined) found.push(call[1] === 'ruby' ? `ruby ${line}` : line);
  }
  for (const [, inner = ''] of text.matchAll(BACKTICKS)) found.push(plain(inner));
  return found;
}

const MAX_LENGTH = 20_000;
/** At the start of a statement, or after what may stand before a call; `sh` is Rake's own. */
const CALL =
  /(?:^|[;&|(=!{]\s*|\b(?:unless|if|do|then|and|or|exit|abort|puts|raise)\s*(?:\(\s*)?|\|\s*)(?:Kernel\.)?(sh|system|exec|ruby|spawn|run)!?(?:\s*\(\s*|\s+)(?=[["'%*{A-Za-z_])/g;
const BACKTICKS = /(?<=^|[\s(=])`([^`]{1,500})`/g;
const STRING = /^"((?:[^"\\]|\\.)*)"|^'((?:[^'\\]|\\.)*)'|^%[qQ]?([({[])(.*?)[)}\]]/;

const MAX_ARGUMENTS = 30;
const WORDS = /^\*?%[wW][[({]([^\])}]*)[\])}]/;
/** `sh({ "CI" => "1" }, "rspec")`, `sh env, "rspec"`: the environment is no part of the command. */
const ENVIRONMENT = /^(?:\{[^}]*\}|[a-z_]\w*)\s*,\s*/;
/** A variable, a call, a constant: known only when Ruby runs. Options (`verbose: false`) end the command. */
const COMPUTED = /^(?!\w+: )(?:\*?[a-z_@]|[A-Z][\w:]*[.[(]|RUBY\b|FileUtils::RUBY\b)/;
const INTERPRETER = /^(?:(?:FileUtils::)?RUBY|Gem\.ruby)\b/;

/** A call's arguments as one command line; `undefined` where there are none. */
function argumentsOf(text: string): string | undefined {
  const list = WORDS.exec(text);
  if (list) return plain(list[1]!);
  const words: string[] = [];
  let rest = text.replace(ENVIRONMENT, '');
  while (words.length < MAX_ARGUMENTS) {
    const string = STRING.exec(rest);
    if (string) words.push(plain(string[1] ?? string[2] ?? string[4] ?? '', string[2] !== undefined));
    else if (COMPUTED.test(rest)) words.push(INTERPRETER.test(rest) ? 'ruby' : '"$ruby"');
    else break;
    const after = string ? rest.slice(string[0].length) : rest.replace(/^[^,)]*/, '');
    const comma = /^[^,"'()]*?,\s*/.exec(after);
    if (!comma) break;
    rest = after.slice(comma[0].length);
  }
  return words.length === 0 ? undefined : words.join(' ');
}

function plain(text: string, single = false): string {
  const known = single ? text : text.replace(/#\{[^{}]{0,200}\}/g, '$ruby');
  return known
    .replace(/\\(["'\\])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
