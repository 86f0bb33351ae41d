import { Bodies } from '../../../facts/commands/bodies.ts';
import { TaskIndex } from '../../../facts/commands/calls.ts';
import { nameWords, readName } from '../../../facts/commands/names.ts';
import { type Reading, readCommand } from '../../../facts/commands/reading.ts';
import type { Purpose } from '../../../facts/fact.ts';
import { joinPath } from '../../../facts/path-index.ts';
import type { Task } from '../../../facts/signal.ts';
import type { SaidCommand } from '../../documents/commands.ts';
import type { World } from '../rule.ts';

/** What a command that a document names is for. */
export interface CommandUse {
  readonly purposes: ReadonlySet<Purpose>;
  /** Tools that it runs, by the first word: `vitest`. */
  readonly tools: ReadonlySet<string>;
  /** The command itself, where a tool is called by its name. */
  readonly reading: Reading | undefined;
}

interface Tasks {
  readonly index: TaskIndex;
  readonly bodies: Bodies;
  /** A document of the root is asked for every document below it. */
  readonly uses: WeakMap<SaidCommand, CommandUse>;
}

const known = new WeakMap<World, Tasks>();

/** Reads a command and the tasks that it runs; a task that is not known is read by its name. */
export function useOf(command: SaidCommand, world: World): CommandUse {
  const tasks = tasksOf(world);
  let use = tasks.uses.get(command);
  if (!use) {
    use = readUse(command, tasks);
    tasks.uses.set(command, use);
  }
  return use;
}

function readUse(command: SaidCommand, { index, bodies }: Tasks): CommandUse {
  const reading = readCommand(command.words, command.dynamic);
  const purposes = new Set<Purpose>(reading ? keys(reading.purposes) : []);
  const tools = new Set<string>(reading ? [toolOf(reading)] : []);
  for (const task of called(command, index)) {
    const body = bodies.of(task);
    for (const purpose of keys(body.purposes)) purposes.add(purpose);
    for (const each of body.readings) tools.add(toolOf(each));
    for (const purpose of keys(readName(task.name)?.purposes ?? {})) purposes.add(purpose);
  }
  // `./run test`, `just test-all`: what it is called says it.
  for (const word of command.words.slice(0, MOST_WORDS)) {
    if (word.startsWith('-') && !/^--?(?:test|check|lint)/.test(word)) continue;
    for (const part of nameWords(word)) {
      const purpose = BY_WORD[part];
      if (purpose && Object.hasOwn(BY_WORD, part)) purposes.add(purpose);
    }
  }
  return { purposes, tools, reading };
}

const MOST_WORDS = 12;

const BY_WORD: Readonly<Record<string, Purpose>> = {
  test: 'test',
  tests: 'test',
  testing: 'test',
  spec: 'test',
  specs: 'test',
  unittest: 'test',
  pytest: 'test',
  tox: 'test',
  nox: 'test',
  check: 'test',
  verify: 'test',
  ci: 'test',
  e2e: 'test',
  nextest: 'test',
  lint: 'lint',
  linting: 'lint',
  linter: 'lint',
  style: 'lint',
  format: 'format',
  fmt: 'format',
  typecheck: 'typecheck',
  types: 'typecheck',
  tsc: 'typecheck',
};

function tasksOf(world: World): Tasks {
  let tasks = known.get(world);
  if (!tasks) {
    const index = new TaskIndex(world.survey.signals.filter((signal): signal is Task => signal.kind === 'task'));
    tasks = { index, bodies: new Bodies(index), uses: new WeakMap() };
    known.set(world, tasks);
  }
  return tasks;
}

function called({ words, dir, folders }: SaidCommand, index: TaskIndex): readonly Task[] {
  const dirs = [dir, ...folders.map((folder) => joinPath(dir ?? '', folder)), ''];
  for (const each of new Set(dirs)) {
    const tasks = each === undefined ? [] : index.called(words, each);
    if (tasks.length > 0) return tasks;
  }
  return [];
}

function toolOf({ rule, tool }: Reading): string {
  return rule?.tool ?? tool.split(' ')[0]!;
}

function keys(purposes: Readonly<Partial<Record<Purpose, number>>>): readonly Purpose[] {
  return Object.keys(purposes) as Purpose[];
}
