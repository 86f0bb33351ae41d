import { didYouMean } from '../../forge/nearest.ts';
import { type Agent, type Command, type CompiledAgents, type Origins, TOOL_NAMES } from './agent.ts';
import type { AgentProblem } from './problem.ts';
import type { Part } from './read-part.ts';

export interface Layer {
  /** For people: `built-in`, `organisation`. */
  readonly name: string;
  /** By file. */
  readonly parts: readonly Part[];
}

/** What a kind of file must say in the end, and what holds where it does not say. */
interface Kind {
  readonly body: string;
  readonly required: readonly string[];
  readonly defaults: Readonly<Record<string, unknown>>;
}

const AGENT: Kind = {
  body: 'prompt',
  required: ['description', 'tier', 'answer'],
  defaults: { trivialTier: null, tools: TOOL_NAMES, files: ['**'] },
};
const COMMAND: Kind = {
  body: 'template',
  required: ['description'],
  defaults: { agent: null, subtask: null },
};

export interface Layered extends Pick<CompiledAgents, 'base' | 'agents' | 'commands'> {
  readonly problems: readonly AgentProblem[];
}

/**
 * Lays files over what is there: of one name, the keys that are given replace, a body replaces or, with `append`, is added;
 * new names are added, `disable` takes away.
 */
export function layOver(
  lower: Pick<CompiledAgents, 'base' | 'agents' | 'commands'> | undefined,
  layer: Layer,
): Layered {
  const of = (kind: Part['kind']) => ({ ...layer, parts: layer.parts.filter((part) => part.kind === kind) });
  const agents = entries(AGENT, lower?.agents, of('agent'));
  const commands = entries(COMMAND, lower?.commands, of('command'));
  const base = baseOf(lower?.base, of('base'));
  const gone = goneFrom(lower?.agents ?? [], agents.entries);
  return {
    base: base.base,
    agents: agents.entries as unknown as readonly Agent[],
    commands: commands.entries as unknown as readonly Command[],
    problems: [
      ...base.problems,
      ...agents.problems,
      ...commands.problems,
      ...withoutAgent(commands.entries, gone, layer),
    ],
  };
}

function goneFrom(before: readonly Entry[], after: readonly Entry[]): ReadonlySet<string> {
  const left = new Set(after.map(({ name }) => name));
  return new Set(before.map(({ name }) => name).filter((name) => !left.has(name)));
}

/**
 * A name that no agent of ours has is taken for one of OpenCode's own, which may write and run: what was ours a layer below, and was
 * taken away, must not become that unsaid.
 */
function withoutAgent(
  commands: readonly Entry[],
  gone: ReadonlySet<string>,
  { parts }: Layer,
): readonly AgentProblem[] {
  return (commands as unknown as readonly Command[]).flatMap(({ name, agent }) => {
    if (agent === null || !gone.has(agent)) return [];
    const part =
      parts.find((one) => one.kind === 'command' && one.name === name) ??
      parts.find((one) => one.kind === 'agent' && one.name === agent);
    const message = `agent: the command "${name}" is done by the agent "${agent}", which is taken away`;
    return part ? [{ file: part.file, line: part.lineOf(part.kind === 'command' ? 'agent' : 'disable'), message }] : [];
  });
}

/** An agent or a command, whatever its keys. */
interface Entry {
  readonly name: string;
  readonly from: Origins;
}

function entries(
  kind: Kind,
  lower: readonly Entry[] | undefined,
  layer: Layer,
): { readonly entries: readonly Entry[]; readonly problems: readonly AgentProblem[] } {
  const problems: AgentProblem[] = [];
  const below = new Map((lower ?? []).map((entry) => [entry.name, entry]));
  const all = new Map(below);
  const files = new Map<string, string>();
  for (const part of layer.parts) {
    const problem = (key: string, message: string) =>
      problems.push({ file: part.file, line: part.lineOf(key), message });
    const { name } = part;
    const twin = files.get(name);
    if (twin !== undefined) {
      problem('name', `name: "${name}" is in ${twin} already`);
      continue;
    }
    files.set(name, part.file);
    const under = below.get(name);
    if (part.disable) {
      if (!under && lower)
        problem('disable', `disable: there is no "${name}" to take away${didYouMean(name, below.keys())}`);
      all.delete(name);
      continue;
    }
    const entry = laid(kind, under, part, `${layer.name}/${part.file}`);
    if (part.append && !under)
      problem('append', `append: there is no "${name}" to add to${didYouMean(name, below.keys())}`);
    else if (part.append && part.body === '') problem('append', 'append: there is no text to add');
    for (const key of kind.required) if (!(key in entry)) problem(key, `${key}: is missing`);
    if (!(kind.body in entry)) problem('body', `there is no text below the front matter: the ${kind.body} is missing`);
    all.set(name, entry);
  }
  return { entries: [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

function laid(kind: Kind, under: Entry | undefined, { name, given, body, append }: Part, file: string): Entry {
  const before = under as Readonly<Record<string, unknown>> | undefined;
  const from: Record<string, readonly string[]> = { ...under?.from };
  for (const key of Object.keys(given)) from[key] = [file];
  const text = append ? joined(before?.[kind.body], body) : body;
  if (body !== '') from[kind.body] = [...(append ? (under?.from[kind.body] ?? []) : []), file];
  const sorted = Object.entries(from).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...kind.defaults,
    ...before,
    ...given,
    ...(body === '' ? {} : { [kind.body]: text }),
    name,
    from: Object.fromEntries(sorted),
  };
}

function baseOf(
  lower: CompiledAgents['base'] | undefined,
  { name, parts: [part] }: Layer,
): { readonly base: CompiledAgents['base']; readonly problems: readonly AgentProblem[] } {
  const below = lower ?? { prompt: '', from: [] };
  if (!part) return { base: below, problems: [] };
  const { file, body, append } = part;
  const problem = (key: string, message: string): AgentProblem => ({ file, line: part.lineOf(key), message });
  if (body === '') return { base: below, problems: [problem('body', 'there is no text')] };
  if (append && below.prompt === '') return { base: below, problems: [problem('append', 'append: nothing to add to')] };
  const from = `${name}/${file}`;
  const base = append
    ? { prompt: joined(below.prompt, body), from: [...below.from, from] }
    : { prompt: body, from: [from] };
  return { base, problems: [] };
}

function joined(before: unknown, added: string): string {
  return [before, added].filter((text) => typeof text === 'string' && text !== '').join('\n\n');
}
