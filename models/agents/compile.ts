import { didYouMean } from '../../forge/nearest.ts';
import { settingFaults } from '../../forge/setting-faults.ts';
import { COMPILED_SCHEMA, type CompiledAgents, compiledSchema } from './agent.ts';
import { layOver } from './layer.ts';
import { type AgentProblem, inOrder } from './problem.ts';
import { readParts } from './read-folder.ts';

export interface CompileOptions {
  /** Holds `agents/*.md` and `commands/*.md`. */
  readonly folder: string;
  /** What the folder is called in origins: `built-in`, `organisation`. */
  readonly layer: string;
  /** The names of schemas that an agent may answer by. */
  readonly answers: readonly string[];
  /** What the folder is laid over; absent: nothing. */
  readonly over?: CompiledAgents | undefined;
}

/** Whole, or every problem that there is. */
export type Compilation =
  | { readonly ok: true; readonly compiled: CompiledAgents }
  | { readonly ok: false; readonly problems: readonly AgentProblem[] };

/**
 * Compiles a folder of agents and commands. The result hangs on the files' paths in the folder and their texts, and on nothing else.
 *
 * @throws {AgentsFolderError} where there is no such folder, or nothing in it.
 */
export async function compileAgents({ folder, layer, answers, over }: CompileOptions): Promise<Compilation> {
  const read = await readParts(folder);
  const unknown = read.parts.flatMap(({ file, given, lineOf }) => {
    const problem = answerProblem(given.answer, answers);
    return problem === undefined ? [] : [{ file, line: lineOf('answer'), message: problem }];
  });
  const { base, agents, commands, problems } = layOver(over, { name: layer, parts: read.parts });
  // What a file that cannot be read says is not known: whether others fit to it, neither.
  const found = read.problems.length > 0 ? [...read.problems, ...unknown] : [...problems, ...unknown];
  if (found.length > 0) return { ok: false, problems: inOrder(found) };
  return { ok: true, compiled: compiledSchema.parse({ schema: COMPILED_SCHEMA, base, agents, commands }) };
}

/** The document as it is kept: the same bytes for the same content. */
export function writeCompiled(compiled: CompiledAgents): string {
  return `${JSON.stringify(compiledSchema.parse(compiled), null, 2)}\n`;
}

/**
 * Reads a document that {@link writeCompiled} wrote, and takes nothing on trust.
 *
 * @throws {CompiledError} naming everything that is wrong with it.
 */
export function readCompiled(text: string, answers: readonly string[]): CompiledAgents {
  const checked = compiledSchema.safeParse(parsed(text), { reportInput: true });
  if (!checked.success)
    throw new CompiledError(
      settingFaults(checked.error.issues)
        .map(({ message }) => message)
        .join('; '),
    );
  const { agents, commands } = checked.data;
  const problems = [
    ...outOfOrder(agents),
    ...outOfOrder(commands),
    ...agents.flatMap(({ answer }) => answerProblem(answer, answers) ?? []),
  ];
  if (problems.length > 0) throw new CompiledError(problems.join('; '));
  return checked.data;
}

/** A compiled document that is none. Exit code 3: nobody writes one by hand. */
export class CompiledError extends Error {
  override readonly name = 'CompiledError';
  readonly exitCode = 3;

  constructor(what: string) {
    super(`compiled agents: ${what}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CompiledError('not JSON');
  }
}

/** Names come in order and once each. */
function outOfOrder(entries: readonly { readonly name: string }[]): readonly string[] {
  return entries.flatMap(({ name }, at) =>
    at > 0 && entries[at - 1]!.name >= name ? [`"${name}" comes twice, or out of order`] : [],
  );
}

function answerProblem(answer: unknown, known: readonly string[]): string | undefined {
  if (typeof answer !== 'string' || known.includes(answer)) return undefined;
  const hint = didYouMean(answer, known) || `; known: ${known.join(', ') || 'none'}`;
  return `answer: unknown schema ${JSON.stringify(answer)}${hint}`;
}
