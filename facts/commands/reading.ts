import type { Purpose } from '../fact.ts';
import { OUTPUTS, PIPELINE_FLAGS, PIPELINE_VALUES, SELECT } from './flags.ts';
import { readGoals } from './goals.ts';
import { type ToolRule, toolRule } from './tools.ts';
import { type Unwrapped, unwrap } from './unwrap.ts';

/** What one simple command does, as far as the table of tools knows. */
export interface Reading {
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** `cargo nextest run`: the words by which two calls are calls of the same tool. */
  readonly tool: string;
  readonly rule: ToolRule | undefined;
  /** The command as a person would type it: wrapper flags, CI-only flags and reports left out. */
  readonly words: readonly string[];
  readonly launcher: string | undefined;
  readonly contained: boolean;
  /** How far it is from "everything": folders, packages, filters. */
  readonly narrow: number;
  /** Flags that are left. */
  readonly flags: number;
  /** Something essential of it is only known at run time. */
  readonly vague: boolean;
  readonly checks: boolean;
  readonly fixes: boolean;
}

/** One folder of tests, which may be all that runs without further set-up. */
const TEST_FOLDER = /^(?:\.\/)?(?:tests?|spec|unit[-_]?tests?)(?:\/[\w-]+)?\/?$/;

/** Reads a command; `undefined` where no rule knows it. */
export function readCommand(words: readonly string[], dynamic?: readonly boolean[]): Reading | undefined {
  const inner = unwrap(words, dynamic);
  const goals = readGoals(inner.words);
  if (goals) return readingOfGoals(inner, goals);
  const rule = toolRule(inner.words);
  return rule && readingOfRule(inner, rule);
}

function readingOfGoals(inner: Unwrapped, goals: NonNullable<ReturnType<typeof readGoals>>): Reading {
  const kept = inner.words.filter((word, i) => i === 0 || (!PIPELINE_FLAGS.test(word) && !inner.dynamic[i]));
  return {
    purposes: goals.purposes,
    tool: goals.tool,
    rule: undefined,
    words: kept,
    launcher: undefined,
    contained: inner.contained,
    narrow: goals.narrow,
    flags: kept.filter((word) => word.startsWith('-')).length + (kept.includes('clean') ? 0.5 : 0),
    vague: inner.dynamic.some((isDynamic, i) => isDynamic && !inner.words[i]?.startsWith('-')),
    checks: false,
    fixes: false,
  };
}

function readingOfRule(inner: Unwrapped, rule: ToolRule): Reading {
  const words: string[] = [...inner.words.slice(0, rule.words.length)];
  // Linters, formatters and type checkers are commonly given the source folders.
  const placed =
    rule.purposes.test === undefined && rule.purposes.build === undefined && rule.purposes.generate === undefined;
  let narrow = 0;
  let flags = 0;
  let vague = inner.dynamic.slice(0, rule.words.length).some(Boolean);
  let checks = false;
  let fixes = false;
  let watches = false; // or only asks for its version: neither does the work
  for (let i = rule.words.length; i < inner.words.length; i++) {
    const word = inner.words[i]!;
    const value =
      rule.values?.includes(word) || PIPELINE_VALUES.has(word) || OUTPUTS.has(word) ? inner.words[i + 1] : undefined;
    const unknown = inner.dynamic[i] || (value !== undefined && inner.dynamic[i + 1]);
    if (word.startsWith('-') && word !== '--') {
      const tookValue = value !== undefined && !value.startsWith('-');
      if (tookValue) i++;
      // A folder outside the repository is the pipeline's own.
      const elsewhere = tookValue ? value.startsWith('/') : /=\/(?!\/)/.test(word);
      // Which part it runs on is not known, but that it is a part.
      if (unknown && SELECT.test(word)) narrow += 0.8;
      if (unknown || elsewhere || (PIPELINE_FLAGS.test(word) && !isOwnFlag(rule, word)) || PIPELINE_VALUES.has(word))
        continue;
      checks ||= rule.checks?.includes(word) ?? false;
      fixes ||= rule.fixes?.includes(word) ?? false;
      if (SELECT.test(word) && rule.words[0] !== 'tsc') narrow += 0.8;
      watches ||=
        word === '--version' ||
        word === '--help' ||
        word === '--watch' ||
        word === '--watchAll' ||
        (word === '-w' && rule.words[0] === 'tsc');
      flags++;
      words.push(word, ...(tookValue ? [value] : []));
      continue;
    }
    if (unknown) {
      vague ||= !/^\$\{?[@*]|^\$\(?(ARGS|FLAGS|OPTS)/.test(word);
      narrow += 0.3;
      continue;
    }
    if (word === '--') {
      words.push(word);
      continue;
    }
    // `cmake --build out`: the folder says where the whole is, not which part.
    const isPlace = rule.words[0] === 'cmake' && words.length === rule.words.length;
    if (!isPlace && !rule.broad?.includes(word)) narrow += placed ? 0.15 : TEST_FOLDER.test(word) ? 0.3 : 0.6;
    words.push(word);
  }
  while (words.at(-1) === '--') words.pop();
  if (rule.writes && !rule.writes.some((flag) => words.includes(flag))) checks = true;
  return {
    // What watches never ends, and what installs other things is about them: no answer to any question.
    purposes:
      watches ||
      (ADDS.has(rule.words[0]!) &&
        rule.purposes.install !== undefined &&
        installsOthers(words.slice(rule.words.length)))
        ? {}
        : rule.purposes,
    tool: rule.words.join(' '),
    rule,
    words,
    launcher: inner.launcher,
    contained: inner.contained,
    narrow,
    flags,
    // `cmake` without a folder configures nothing.
    vague: vague || (words.length === 1 && words[0] === 'cmake'),
    checks,
    fixes,
  };
}

/** Programs whose `install` takes the names of what to bring. */
const ADDS = new Set([
  'pip',
  'pip3',
  'python',
  'python3',
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'go',
  'cargo',
  'pipenv',
  'composer',
  'conan',
  'vcpkg',
]);

/** `pip install build twine` brings a tool; `pip install -e .[dev]` and `-r requirements.txt` bring what this repository needs. */
function installsOthers(arguments_: readonly string[]): boolean {
  const ownFiles = arguments_.some(
    (word) => word === '-r' || word === '--requirement' || word.startsWith('-r') || /^-e|^--editable/.test(word),
  );
  const plain = arguments_.filter((word) => !word.startsWith('-'));
  return (
    !ownFiles &&
    (arguments_.some((word) => word === '-g' || word === '--global') ||
      plain.some((word) => !/^[./]|^~|<|^\$|\.txt$/.test(word) || /\.whl$/.test(word) || /^(?:\.\/)?\.[\w]/.test(word)))
  );
}

/** A flag that means something else to this tool: `gofmt -s`, `go build -v` stay out of the general list. */
function isOwnFlag(rule: ToolRule, word: string): boolean {
  return (
    (word === '-s' && rule.words[0] !== 'npm' && rule.words.includes('gofmt')) || rule.checks?.includes(word) === true
  );
}

/** Quotes a word for a POSIX shell where it needs it. */
export function shellWord(word: string): string {
  return word === '' || /[\s"'`$&|;()<>*?#~!\\{}[\]]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : word;
}
