import { plainCall, TaskIndex } from '../../facts/commands/calls.ts';
import { collectCandidates } from '../../facts/commands/collect.ts';
import { readCommand } from '../../facts/commands/reading.ts';
import type { Survey } from '../../facts/index.ts';
import type { Task } from '../../facts/signal.ts';
import { commandsOf, type SaidCommand } from '../documents/commands.ts';
import type { AgentDocument } from '../documents/document.ts';
import { spansOf } from '../documents/spans.ts';
import type { LedgerItem } from './ledger.ts';

/** A command that people's documents give, and what it is for. */
export interface Voice {
  readonly path: string;
  readonly line: number;
  /** The tool, where it is one that the tables know. */
  readonly tool: string | undefined;
  /** `test`, `lint` ...; `test-single` too where it shows how to run one. */
  readonly purposes: ReadonlySet<string>;
  readonly words: readonly string[];
  readonly tasks: readonly Task[];
}

/** The commands of a document that it does not forbid. */
export function voicesOf(document: AgentDocument, survey: Survey): readonly Voice[] {
  const known = knowledgeOf(survey);
  const commands = commandsOf(document)
    .filter(({ negated }) => !negated)
    .map((command) => voiceOf(command, document, known));
  return [...commands, ...flagsOf(document)];
}

/** "When testing, add `--config=fast`": a flag for a purpose tells of a command that everybody knows. */
function flagsOf(document: AgentDocument): readonly Voice[] {
  return spansOf(document).flatMap(({ kind, text, line, place }) => {
    if (kind !== 'code' || !/^--?[a-z]/i.test(text)) return [];
    const purposes = new Set(
      purposesInLabel('', `${place.before.slice(-LONGEST_LABEL)} ${place.after.slice(0, LONGEST_LABEL)}`),
    );
    return purposes.size === 0
      ? []
      : [{ path: document.path, line, tool: undefined, purposes, words: [text], tasks: [] }];
  });
}

interface Knowledge {
  readonly index: TaskIndex;
  readonly purposes: ReadonlyMap<Task, ReadonlySet<string>>;
}

const known = new WeakMap<Survey, Knowledge>();

/** What the tasks of a repository are for, as the ranking of commands sees it. */
function knowledgeOf(survey: Survey): Knowledge {
  let knowledge = known.get(survey);
  if (!knowledge) {
    const purposes = new Map<Task, Set<string>>();
    for (const { task, purpose } of collectCandidates(survey.signals).candidates) {
      if (!task) continue;
      const all = purposes.get(task) ?? new Set<string>();
      purposes.set(task, all.add(purpose));
    }
    const tasks = survey.signals.filter((signal): signal is Task => signal.kind === 'task');
    knowledge = { index: new TaskIndex(tasks), purposes };
    known.set(survey, knowledge);
  }
  return knowledge;
}

function voiceOf(command: SaidCommand, { path }: AgentDocument, { index, purposes: taskPurposes }: Knowledge): Voice {
  const { words, piece, dir, span } = command;
  const tasks = tasksCalled(words, dir ?? '', index);
  const reading = readCommand(words);
  const purposes = new Set<string>([
    ...Object.keys(reading?.purposes ?? {}),
    ...tasks.flatMap((task) => [...(taskPurposes.get(task) ?? []), ...purposesInWords([task.name])]),
    ...(tasks.length === 0 ? purposesInWords(words) : []),
    ...purposesInLabel(span.place.headings.at(-1) ?? '', labelOf(command)),
  ]);
  if (isSingle(command, reading?.narrow ?? 0, purposes)) purposes.add('test-single');
  return { path, line: piece.line, tool: reading?.tool, purposes, words, tasks };
}

const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'];

/** The tasks that a line calls, whichever of the script managers it is typed with. */
function tasksCalled(words: readonly string[], dir: string, index: TaskIndex): readonly Task[] {
  const [program = '', ...rest] = words;
  const others = MANAGERS.includes(program) ? MANAGERS.filter((each) => each !== program) : [];
  for (const manager of [program, ...others]) {
    for (const folder of new Set([dir, ''])) {
      const found = index.called([manager, ...rest], folder);
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** What a task or a tool of an unknown kind says by its name: `./x lint`, `//:format`. */
const BY_WORD: readonly (readonly [purpose: string, word: RegExp])[] = [
  ['install', /^(?:install|setup|bootstrap|sync|deps|restore|init|ci)$/],
  ['build', /^(?:build|compile|assemble|bundle|make|dist|package)$/],
  ['test', /^(?:tests?|spec|specs|check|verify|unit|e2e|integration|nextest)$/],
  ['lint', /^(?:lint|lints|linter|clippy|vet|check|verify|eslint|precommit|analyze|analyse)$/],
  ['format', /^(?:format|fmt|formatter|prettier|pretty|fix|style|lint|precommit)$/],
  ['typecheck', /^(?:typecheck|types|tsc|mypy|pyright|ty|typing|check)$/],
  ['generate', /^(?:generate|gen|codegen|generated|protoc?|regen|regenerate)$/],
  ['run', /^(?:run|start|dev|serve|server|watch|up|preview)$/],
];

function purposesInWords(words: readonly string[]): readonly string[] {
  const parts = words.slice(0, MOST_WORDS).flatMap((word) => word.toLowerCase().split(/[^a-z0-9]+/));
  return BY_WORD.filter(([, word]) => parts.some((part) => word.test(part))).map(([purpose]) => purpose);
}

const MOST_WORDS = 8;
const BY_LABEL: readonly (readonly [purpose: string, label: RegExp])[] = [
  ['install', /\b(?:install\w*|set ?-?up|bootstrap\w*|dependenc\w+|prerequisites|getting started)\b/i],
  ['build', /\b(?:build\w*|compil\w+)\b/i],
  ['test', /\b(?:tests?|testing|unit tests?|specs?)\b/i],
  ['lint', /\b(?:lint\w*|static analysis|code quality|quality checks?)\b/i],
  ['format', /\b(?:format\w*|code style|styling|auto-?fix\w*|prettier)\b/i],
  ['typecheck', /\b(?:type[- ]?check\w*|types|typing|tsc|mypy|pyright|ty)\b/i],
  ['generate', /\b(?:generat\w+|codegen|regenerat\w+)\b/i],
  [
    'run',
    /\b(?:run(?:ning)? (?:the )?(?:app\w*|server|project|local\w*|dev\w*)|dev(?:elopment)? server|start\w*|serve|locally)\b/i,
  ],
];

/** What stands around a command: `- **Format:** ...`, `(lint and types)`; above a block, and after a `#` on its line. */
function labelOf({ span: { place, text }, form }: SaidCommand): string {
  if (form === 'block') return `${place.around.slice(-LONGEST_LABEL)} ${/\s#(.*)$/.exec(text)?.[1] ?? ''}`;
  return `${place.before.slice(-LONGEST_LABEL)} ${place.after.slice(0, LONGEST_LABEL)}`;
}

const LONGEST_LABEL = 80;

function purposesInLabel(heading: string, label: string): readonly string[] {
  // A heading over everything ("Build, test and development commands") says nothing about one command.
  const headings = BY_LABEL.filter(([, pattern]) => pattern.test(heading)).map(([purpose]) => purpose);
  const labels = BY_LABEL.filter(([, pattern]) => pattern.test(label)).map(([purpose]) => purpose);
  return [...(headings.length === 1 ? headings : []), ...labels];
}

const ONE_TEST =
  /^(?:-k|-t|-run|--run|--filter|--tests|--test|-Dtest(?:=.*)?|--grep|-g|--testnamepattern|--test-filter|--test_filter.*|--example|-e|--match|--only|--testpathpattern.*)$/i;
const TEST_PATH = /(?:^|[/_.:-])(?:tests?|specs?|__tests__)[/_.:-]|(?:_test|_spec|\.test|\.spec|Test|Tests)\.\w+|::/;

const A_PATH = /^(?:\.{1,2}\/)?\w[\w-]*\/[\w.<>-]|^\.{1,2}\/\w/;

/** A command for one test: a stand-in, a filter, or the path of a test. */
function isSingle({ words, placeholders }: SaidCommand, narrow: number, purposes: ReadonlySet<string>): boolean {
  if (!purposes.has('test')) return false;
  if (placeholders.length > 0 || narrow >= 0.5) return true;
  return words.slice(1).some((word) => ONE_TEST.test(word) || TEST_PATH.test(word) || A_PATH.test(word));
}

/** What the label of a bullet is called as a purpose. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['install', 'install'],
  ['configure', 'install'],
  ['build', 'build'],
  ['test', 'test'],
  ['lint', 'lint'],
  ['format', 'format'],
  ['format check', 'format'],
  ['typecheck', 'typecheck'],
  ['generate', 'generate'],
  ['run', 'run'],
  ['test a single one', 'test-single'],
]);

/**
 * The command of people's documents that makes a bullet superfluous: the same one, or another one for what the bullet is
 * for. A second way to test is noise, whichever is the better one.
 */
export function isCovered({ text }: LedgerItem, voices: readonly Voice[], survey: Survey): Voice | undefined {
  const label = text.slice(0, text.indexOf(':')).replace(/\s*\(.*$/, '');
  const purposes = label.split(', ').flatMap((name) => PURPOSES.get(name.toLowerCase()) ?? []);
  const [first] = purposes;
  const main = voices.find((voice) => first !== undefined && voice.purposes.has(first));
  if (main) return main;
  const words = codeIn(text.slice(text.indexOf(':')));
  const tasks = tasksCalled(words, '', knowledgeOf(survey).index);
  return voices.find((voice) => isSame(voice, words, tasks));
}

/** The words of the first code span. */
function codeIn(text: string): readonly string[] {
  return (/`+\s?([^`]+?)\s?`+/.exec(text)?.[1] ?? '').split(' ');
}

/**
 * The word of a bullet's command that tells it from all others: `clippy`, `dialyzer`, `spotlessApply`; `pre-commit` of
 * `pre-commit run --all-files`. A document that names it speaks of it. None where every word is an everyday one.
 */
export function telling(text: string): string | undefined {
  const words = codeIn(text.slice(text.indexOf(':'))).filter(
    (word) => /^[\w@./:-]+$/.test(word) && !word.startsWith('-'),
  );
  const named = words.slice(0, MOST_WORDS).map((word) => word.replace(/^.*[/:](?=[^/:]+$)/, '').toLowerCase());
  return named.findLast((word) => word.length > 1 && !EVERYDAY.test(word) && !GENERIC.test(word));
}

const GENERIC =
  /^(?:tests?|specs?|check|checks|verify|unit|e2e|integration|lints?|linter|format|formatter|fmt|build|compile|assemble|dist|package|packages|install|setup|bootstrap|sync|deps|restore|init|ci|run|start|dev|serve|server|watch|up|preview|generate|gen|codegen|typecheck|types|style)$/;
const EVERYDAY =
  /^(?:npm|npx|pnpm|yarn|bunx?|deno|node|make|just|task|cargo|mix|gradlew?|mvnw?|maven|dotnet|composer|bundle|exec|rake|poetry|uvx?|pipx?|python3?|ruby|php|perl|bash|flutter|dart|swift|bazel|cmake|docker|compose|workspace|workspaces|all|all-targets|src|lib|app|apps|packages|fix|main|root|project|file|files|tool|tools|script|scripts|ctest|pytest|go|bin|vendor|code|\w*\.\w+)$/;

function isSame(voice: Voice, words: readonly string[], tasks: readonly Task[]): boolean {
  if (tasks.length > 0 && tasks.every((task) => voice.tasks.includes(task))) return true;
  const [own, other] = [plainCall(words), plainCall(voice.words)];
  return own.every((word, i) => other[i] === word);
}

/**
 * The bullet of a single test, where the documents say how to run all of them and not how to run one. Whoever knows
 * `pytest` knows where the file goes; what hides behind `make test` has to be told.
 */
export function singleForm(item: LedgerItem, voices: readonly Voice[]): LedgerItem | undefined {
  const single = /; a single one: (`.+)$/.exec(item.text)?.[1];
  if (single === undefined) return undefined;
  const says = (purpose: string): boolean => voices.some(({ purposes }) => purposes.has(purpose));
  if (!says('test') || says('test-single')) return undefined;
  const tool = readCommand(codeIn(single))?.tool;
  const isKnown = (voice: Voice): boolean => voice.tool === tool || voice.words[0]!.startsWith('-');
  if (tool !== undefined && voices.some((voice) => voice.purposes.has('test') && isKnown(voice))) return undefined;
  return { ...item, key: 'command.test-single', text: `Test a single one: ${single}` };
}
