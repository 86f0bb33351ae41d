import { basename } from 'node:path/posix';
import { type FrontMatter, FrontMatterError, hasFrontMatter, readFrontMatter } from '../../forge/front-matter.ts';
import { hiddenIn } from '../../forge/render/visible.ts';
import { settingFaults } from '../../forge/setting-faults.ts';
import { agentFrontMatter, baseFrontMatter, commandFrontMatter, TOOL_NAMES } from './agent.ts';
import type { AgentProblem } from './problem.ts';

/** What one file says; it may be all of an agent, or only what it changes of the one below it. */
export interface Part {
  readonly kind: PartKind;
  readonly name: string;
  /** From the top of the folder. */
  readonly file: string;
  /** The keys given, as they are called in the compiled document. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly append: boolean;
  readonly disable: boolean;
  lineOf(key: string): number;
}

export type PartKind = 'agent' | 'command' | 'base';

const SCHEMAS = { agent: agentFrontMatter, command: commandFrontMatter, base: baseFrontMatter };

/** Reads one file of agents/ or commands/: everything that is wrong with it by itself, or what it says. */
export function readPart(file: string, given: string): Part | readonly AgentProblem[] {
  const text = given.replace(/\r\n?/g, '\n');
  const kind = file === 'agents/base.md' ? 'base' : file.startsWith('commands/') ? 'command' : 'agent';
  const front = frontMatterOf(kind, text);
  if (front instanceof FrontMatterError) return [{ file, line: front.line, message: front.message }];
  const checked = SCHEMAS[kind].safeParse(front.data, { reportInput: true });
  const faults = checked.success
    ? []
    : settingFaults(checked.error.issues, Object.keys(SCHEMAS[kind].shape)).map(({ path, message }) => ({
        file,
        line: front.lineOf(path),
        message,
      }));
  const problems = [...faults, ...unseen(file, text)];
  const name = front.data.name ?? basename(file, '.md');
  // A name that is given was checked; one that a file gives is as the file is called.
  const wrongName =
    kind !== 'base' && front.data.name === undefined ? SCHEMAS[kind].shape.name.safeParse(name).error : undefined;
  if (wrongName)
    problems.unshift({ file, line: 1, message: `its file's name is no name: ${wrongName.issues[0]?.message}` });
  if (problems.length > 0 || !checked.success) return problems;
  const { name: _, append = false, disable = false, ...rest } = checked.data as Readonly<Record<string, unknown>>;
  return {
    kind,
    name: String(name),
    file,
    given: renamed(rest),
    body: front.body,
    append: append === true,
    disable: disable === true,
    lineOf: (key) => (key === 'body' ? front.bodyLine : front.lineOf([WRITTEN[key] ?? key])),
  };
}

function frontMatterOf(kind: PartKind, text: string): FrontMatter | FrontMatterError {
  if (kind === 'base' && !hasFrontMatter(text)) return { data: {}, body: text.trim(), bodyLine: 1, lineOf: () => 1 };
  try {
    return readFrontMatter(text);
  } catch (error) {
    if (error instanceof FrontMatterError) return error;
    throw error;
  }
}

/** Of a key in the document, what people write. */
const WRITTEN: Readonly<Record<string, string>> = { trivialTier: 'trivial-tier' };

function renamed({ 'trivial-tier': trivialTier, tools, ...rest }: Readonly<Record<string, unknown>>): Part['given'] {
  return {
    ...rest,
    ...(trivialTier === undefined ? {} : { trivialTier }),
    ...(tools === undefined ? {} : { tools: namesOf(tools as string | readonly string[]) }),
  };
}

/** Always in one order: another set of tools, or another order, is another prompt to a provider's cache. */
function namesOf(tools: string | readonly string[]): readonly string[] {
  return TOOL_NAMES.filter((name) => tools === 'all' || tools.includes(name));
}

/** What a terminal, an editor or a reviewer would not show is read by a model all the same. */
function unseen(file: string, text: string): readonly AgentProblem[] {
  for (const [at, line] of text.split('\n').entries()) {
    const found = hiddenIn(line);
    if (found !== undefined)
      return [{ file, line: at + 1, message: `${found}, a character that nobody sees and a model reads` }];
  }
  return [];
}
