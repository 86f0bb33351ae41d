import { type Command, forEachChild, parse, type SyntaxNode, type Word } from 'unbash';
import { LineIndex } from '../parse/lines.ts';

/** One simple command of a script. */
export interface Invocation {
  /** The program and its arguments, unquoted. */
  readonly words: readonly string[];
  /** Where each of `words` stands in the script, quotes included; an end is exclusive. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
  /** Which of `words` hold something only a run would know: `$VAR`, `$(...)`, a CI expression, a template. */
  readonly dynamic: readonly boolean[];
  /** Assignments before the program: `CI=1`. */
  readonly env: readonly string[];
  /** Where `cd` has led so far, relative to where the script starts or as told from where; `undefined` once that cannot be known. */
  readonly dir: string | undefined;
  /** It runs in a folder that only a run knows, and that is not the root: `for p in packages/*; do (cd "$p" && ...)`. */
  readonly elsewhere: boolean;
  /** The line of the script (from 0). */
  readonly line: number;
  /** Inside a condition, a loop, a function, or after `||`: it may not run. */
  readonly guarded: boolean;
}

/** Beyond this a script is data, not commands. */
const MAX_SCRIPT = 32_768;
/** Deeper than this nobody changes folders. */
const MAX_FOLDERS = 64;
const EXPRESSION = /\$?\{\{[^{}]*\}\}|\$\[\[[^[\]]*\]\]/g;
const MARK = '\u0001';

/**
 * The simple commands of a shell text, in order. Broken shell yields what could be understood of it. A `cd` moves those
 * that follow and is left out itself, unless `moves` asks for it. `from` is the folder it begins in.
 */
export function invocations(script: string, { moves = false, from = '' } = {}): readonly Invocation[] {
  if (script.length > MAX_SCRIPT) return [];
  // CI expressions are no shell: hidden behind one odd character each, of the same length so that positions hold.
  const text = script.replace(EXPRESSION, (found) => MARK.repeat(found.length));
  const found: Invocation[] = [];
  let tree: SyntaxNode;
  try {
    tree = parse(text);
  } catch {
    return [];
  }
  walk(tree, false, { lines: new LineIndex(text), found, moves, dir: from, elsewhere: false });
  return found;
}

/** True where a text reads as shell from its first to its last sign. */
export function isShell(script: string): boolean {
  try {
    return script.length <= MAX_SCRIPT && !parse(script).errors?.length;
  } catch {
    return false;
  }
}

interface Walk {
  readonly lines: LineIndex;
  readonly found: Invocation[];
  readonly moves: boolean;
  dir: string | undefined;
  elsewhere: boolean;
}

/** What people call the root of a repository, or the way there. */
const HOME =
  /dirname|BASH_SOURCE|rev-parse|PWD|CURDIR|HERE|ROOT|TOP|BASE|REPO|WORKSPACE|SCRIPT|PROJECT_?(?:DIR|PATH)|(?:SOURCE|SRC)_?DIR|MAKEFILE/i;

const GUARDS = new Set(['If', 'For', 'ArithmeticFor', 'Select', 'While', 'Case', 'Function', 'Coproc']);

function walk(node: SyntaxNode, guarded: boolean, state: Walk): void {
  if (node.type === 'Command') {
    command(node, guarded, state);
    return;
  }
  if (node.type === 'AndOr') {
    node.commands.forEach((child, i) => {
      walk(child, guarded || (i > 0 && node.operators[i - 1] === '||'), state);
    });
    return;
  }
  const before = { dir: state.dir, elsewhere: state.elsewhere };
  forEachChild(node, (child) => walk(child, guarded || GUARDS.has(node.type), state));
  if (node.type === 'Subshell') Object.assign(state, before);
}

function command(node: Command, guarded: boolean, state: Walk): void {
  if (!node.name) return;
  const words: Word[] = [node.name];
  for (const argument of node.args) if (argument.type === 'Word') words.push(argument);
  // `diff <(gofmt -d .) -` runs gofmt.
  for (const word of words) {
    for (const part of word.parts ?? [])
      if (part.type === 'ProcessSubstitution' && part.script) walk(part.script, guarded, state);
  }
  const values = words.map((word) => word.value.replaceAll(MARK, ''));
  const env = node.prefix.flatMap((part) => (part.type === 'Assignment' ? [part.text.replaceAll(MARK, '')] : []));
  if (values[0] === 'popd') {
    state.dir = undefined;
    state.elsewhere = false;
  }
  const found: Invocation = {
    words: values,
    places: words.map(({ pos, end }) => ({ start: pos, end })),
    dynamic: words.map((word) => isDynamic(word.text)),
    env,
    dir: state.dir,
    elsewhere: state.elsewhere,
    line: state.lines.lineAt(node.pos) - 1,
    guarded,
  };
  if (values[0] === 'cd' || values[0] === 'pushd') {
    if (state.moves) state.found.push(found);
    const dynamic = isDynamic(words[1]?.text ?? '');
    state.dir = moved(state.dir, values[1], dynamic);
    state.elsewhere = dynamic ? !HOME.test(words[1]!.text) : state.elsewhere && state.dir === undefined;
    return;
  }
  state.found.push(found);
}

function isDynamic(text: string): boolean {
  return text.includes(MARK) || (!text.startsWith("'") && /[$`]/.test(text));
}

function moved(dir: string | undefined, to: string | undefined, dynamic: boolean): string | undefined {
  if (dir === undefined || to === undefined || to === '-' || to.startsWith('/') || to.startsWith('~')) return undefined;
  // `cd "$(dirname "$0")"` and its like cannot be followed.
  if (dynamic) return undefined;
  const parts = dir.split('/').filter(Boolean);
  for (const part of to.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length > MAX_FOLDERS ? undefined : parts.join('/');
}
