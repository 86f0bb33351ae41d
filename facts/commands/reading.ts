import { OUTPUTS, PIPELINE_FLAGS, PIPELINE_VALUES, SELECT } from './flags.ts';
import { readGoals } from './goals.ts';
import { invocations } from './shell.ts';
import type { Reading } from './tool-reading.ts';
import { type ToolRule, toolRule } from './tools.ts';
import { type Unwrapped, unwrap } from './unwrap.ts';
import { readXcodebuild } from './xcodebuild.ts';

export type { Reading } from './tool-reading.ts';

/** One folder of tests, which may be all that runs without further set-up. */
const TEST_FOLDER = /^(?:\.\/)?(?:tests?|spec|unit[-_]?tests?)(?:\/[\w-]+)?\/?$/;

/** Reads a command; `undefined` where no rule knows it. */
export function readCommand(words: readonly string[], dynamic?: readonly boolean[]): Reading | undefined {
  const inner = unwrap(words, dynamic);
  const everywhere = readingOfEachPackage(inner);
  if (everywhere) return everywhere;
  const xcode = readXcodebuild(inner);
  if (xcode) return xcode;
  const goals = readGoals(inner.words);
  if (goals) return readingOfGoals(inner, goals);
  const rule = toolRule(inner.words);
  return rule && readingOfRule(inner, rule);
}

/** `melos exec -- dart test` runs a command in every package: it does what that command does, and is typed as a whole. */
function readingOfEachPackage(inner: Unwrapped): Reading | undefined {
  if (inner.words[0] !== 'melos' || inner.words[1] !== 'exec') return undefined;
  const flags: string[] = [];
  let i = 2;
  for (; i < inner.words.length && inner.words[i]!.startsWith('-') && inner.words[i] !== '--'; i++) {
    const word = inner.words[i]!;
    const value = EACH_VALUES.has(word) ? inner.words[++i] : undefined;
    if (word !== '-c' && !PIPELINE_FLAGS.test(word)) flags.push(word, ...(value === undefined ? [] : [value]));
  }
  const command = inner.words.slice(inner.words[i] === '--' ? i + 1 : i);
  const reading =
    command.length === 1
      ? invocations(command[0]!)
          .flatMap((each) => readCommand(each.words, each.dynamic) ?? [])
          .at(-1)
      : readCommand(command);
  const some = flags.some((flag) => /^--(?:scope|category|depends-on)(?:=|$)/.test(flag));
  return (
    reading && {
      ...reading,
      tool: `melos exec ${reading.tool}`,
      rule: undefined,
      words: ['melos', 'exec', ...flags, '--', ...(command.length === 1 ? command : reading.words)],
      launcher: undefined,
      narrow: reading.narrow + (some ? 0.8 : 0),
    }
  );
}

const EACH_VALUES = new Set([
  '-c',
  '--concurrency',
  '--scope',
  '--ignore',
  '--category',
  '--dir-exists',
  '--depends-on',
]);

function readingOfGoals(inner: Unwrapped, goals: NonNullable<ReturnType<typeof readGoals>>): Reading {
  const ownFlags = goals.tool === 'mvn' ? MAVEN_PIPELINE_FLAGS : undefined;
  const kept = inner.words.filter(
    (word, i) =>
      i === 0 ||
      (!PIPELINE_FLAGS.test(word) &&
        !ownFlags?.test(word) &&
        !(ownFlags && MAVEN_LOG.test(inner.words[i - 1]!)) &&
        !inner.dynamic[i]),
  );
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

/** What it is, when it gives up, and where it writes what it says. */
const MAVEN_PIPELINE_FLAGS = /^(?:-V|--show-version|-ff|-fae|--fail-at-end|-e|--errors|-l|--log-file|--log-file=.*)$/;
/** The file follows. */
const MAVEN_LOG = /^(?:-l|--log-file)$/;

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
      if (
        unknown ||
        elsewhere ||
        rule.drops?.test(word) ||
        (PIPELINE_FLAGS.test(word) && !isOwnFlag(rule, word)) ||
        PIPELINE_VALUES.has(word)
      )
        continue;
      checks ||= rule.checks?.includes(word) ?? false;
      fixes ||= rule.fixes?.includes(word) ?? false;
      if ((SELECT.test(word) && !OTHERWISE[rule.words[0]!]?.test(word)) || rule.selects?.test(word)) narrow += 0.8;
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
    // `/p:Version=1`: flags of MSBuild may start with a slash.
    if (rule.drops?.test(word)) continue;
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
    const isPlace =
      (rule.words[0] === 'cmake' && words.length === rule.words.length) || rule.places?.test(word) === true;
    if (!isPlace && !rule.broad?.includes(word))
      narrow += rule.parts
        ? 0.8
        : placed && !isDeep(word)
          ? 0.15
          : rule.places
            ? 0.8
            : TEST_FOLDER.test(word)
              ? 0.3
              : 0.6;
    words.push(word);
  }
  while (words.at(-1) === '--') words.pop();
  // `shellcheck .vscode/start.sh`: nothing is said of the rest.
  if (placed && looksAtOneFile(words.slice(rule.words.length), rule)) narrow = Math.max(narrow, 1.2);
  if (rule.writes && !rule.writes.some((flag) => words.includes(flag))) checks = true;
  return {
    // What watches never ends, and what installs other things is about them: no answer to any question.
    purposes:
      watches ||
      (rule.words.some((word) => ADDS.has(word)) &&
        rule.purposes.install !== undefined &&
        installsOthers(words.slice(rule.words.length)))
        ? {}
        : checks
          ? (rule.looks ?? rule.purposes)
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

/** One file of code, and no other; what follows a flag may be its value. */
function looksAtOneFile(arguments_: readonly string[], { values, filesOnly }: ToolRule): boolean {
  const plain = arguments_.filter((word, i) => {
    const before = arguments_[i - 1] ?? '';
    return !word.startsWith('-') && !(filesOnly ? values?.includes(before) : before.startsWith('-'));
  });
  return plain.length === 1 && (filesOnly ? /^[\w./-]+$/ : CODE).test(plain[0]!);
}

const CODE = /^[\w./-]+\.(?:sh|bash|zsh|py|pyi|rb|js|mjs|cjs|ts|tsx|jsx|php|go|c|h|cc|cpp|hpp|java|kt|swift|lua|pl)$/;

/** `lib/src/commands/create/templates`: a corner of the sources, not the sources. */
function isDeep(word: string): boolean {
  return word.split('/').filter((part) => part !== '' && part !== '.').length > 3;
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
  'ansible-galaxy',
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
    (word === '-s' && rule.words[0] !== 'npm' && rule.words.includes('gofmt')) ||
    rule.checks?.includes(word) === true ||
    // `cmake -B build` is no `mvn -B`.
    (/^-[A-Za-z]$/.test(word) && rule.values?.includes(word) === true)
  );
}

/** Flags that choose a part elsewhere, and here do not: what a compiler aims at, how far an image is built. */
const OTHERWISE: Readonly<Record<string, RegExp>> = { tsc: /./, docker: /^--target/ };

/** Quotes a word for a POSIX shell where it needs it. */
export function shellWord(word: string): string {
  return word === '' || /[\s"'`$&|;()<>*?#~!\\{}[\]]/.test(word) ? `'${word.replaceAll("'", `'\\''`)}'` : word;
}
