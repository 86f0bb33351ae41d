import * as z from 'zod';
import { oneLine } from '../../forge/render/visible.ts';
import { type CompiledAgents, TOOL_NAMES, type ToolName } from '../../models/agents/agent.ts';
import { compileAgents } from '../../models/agents/compile.ts';
import { problemText } from '../../models/agents/problem.ts';
import {
  type AgentModel,
  type Assignments,
  type ModelsConfig,
  type ModelsSettings,
  problemsOf,
} from '../../models/config.ts';
import { assignmentsSchema, providerSchema } from '../../models/config-schema.ts';
import { ANSWERS } from '../agents/builtin.ts';
import { assertAgent, assertNoToken, assertVariable, checkedBy, type ForgeTokens, sectionOf } from './allowed.ts';
import { frozenCopy } from './freeze.ts';
import type { ConfigureContext, PostConfigureContext, PromptSection } from './plugin.ts';

/** What plugins add to. */
export interface SetUpBase {
  readonly agents: CompiledAgents;
  /** Without providers: what adds those is a plugin. */
  readonly models: 'none' | Omit<ModelsSettings, 'providers'>;
  readonly tokens: ForgeTokens;
}

export interface PluginProblem {
  readonly plugin: string;
  readonly phase: 'bootstrap' | 'configure' | 'postConfigure' | 'event' | 'close';
  readonly message: string;
}

/** What became of all plugins together. Nobody can change it. */
export interface ReviewSetup {
  /** After all layers, also those that are not asked. */
  readonly agents: CompiledAgents;
  readonly models: ModelsConfig;
  /** Go before `models.agents`. */
  readonly assignments: Assignments;
  /** In the order of the plugins. */
  readonly prompts: {
    readonly all: readonly PromptSection[];
    /** By agent; who is told nothing more is not in it. */
    readonly agents: Readonly<Record<string, readonly PromptSection[]>>;
  };
  readonly environment: Readonly<Record<string, string>>;
  /** By agent, of those that were restricted. */
  readonly tools: Readonly<Record<string, readonly ToolName[]>>;
  /** By agent: why it is not asked. */
  readonly skipped: Readonly<Record<string, string>>;
  readonly problems: readonly PluginProblem[];
}

interface Turn<C> {
  readonly context: C;
  /** From now on each call is an error. */
  end(): void;
}

interface ConfigureTurn extends Turn<ConfigureContext> {
  /** Once everything that the plugin began, and may not have waited for, is there. */
  settled(): Promise<void>;
}

interface PostConfigureTurn extends Turn<PostConfigureContext> {
  take(): void;
}

interface Draft {
  configure(plugin: string): ConfigureTurn;
  /** @throws {Error} where it does not fit together. */
  configured(): void;
  postConfigure(plugin: string): PostConfigureTurn;
  setup(order: readonly string[]): ReviewSetup;
}

interface Late {
  readonly assignments: Assignments[];
  readonly sections: PromptSection[];
}

/** Where what plugins add is kept, and held against what is there already. Contexts know it by their closures alone. */
export function openDraft(base: SetUpBase, problems: PluginProblem[]): Draft {
  let { agents } = base;
  let models: ModelsConfig = 'none';
  const taken = new Map<string, string>();
  const sections: PromptSection[] = [];
  const providers = new Map<string, ModelsSettings['providers'][string]>();
  const environment = new Map<string, string>();
  const tools = new Map<string, ReadonlySet<ToolName>>();
  const skipped = new Map<string, string>();
  const late = new Map<string, Late>();
  const names = () => agents.agents.map(({ name }) => name);

  function take(kind: string, name: string, plugin: string): void {
    const key = `${kind} ${JSON.stringify(name)}`;
    const owner = taken.get(key);
    if (owner !== undefined) throw new Error(`${key} is there already, by the plugin "${owner}"`);
    taken.set(key, plugin);
  }

  function checkedSection(given: PromptSection, plugin: string, phase: PluginProblem['phase']): PromptSection {
    const { section, cut } = sectionOf(given, names());
    if (cut !== null)
      problems.push({ plugin, phase, message: `the section "${section.title}" is cut: it has ${cut} bytes` });
    return section;
  }

  async function layOver(folder: string, layer: string, plugin: string): Promise<void> {
    if (typeof folder !== 'string' || typeof layer !== 'string' || !/^[a-z][a-z0-9-]*$/.test(layer))
      throw new Error('agents: needs a folder, and the name of a layer in small letters, digits and hyphens');
    if (layersOf(base.agents).has(layer)) throw new Error(`layer "${layer}" is there already`);
    take('layer', layer, plugin);
    const compilation = await compileAgents({ folder, layer, answers: ANSWERS, over: agents });
    if (!compilation.ok) throw new Error(compilation.problems.map((each) => problemText(each, layer)).join('; '));
    agents = compilation.compiled;
  }

  function configure(plugin: string): ConfigureTurn {
    const turn = turnOf(plugin, 'configure');
    const begun: Promise<void>[] = [];
    let last: Promise<void> = Promise.resolve();
    const context = contextOf<ConfigureContext>(turn.assert, {
      agents: names,
      addAgents(folder, layer) {
        last = last.then(() => layOver(folder, layer, plugin));
        begun.push(last);
        // Who does not wait for it is told by `settled`.
        last.catch(() => {});
        return last;
      },
      addProvider(name, given) {
        if (base.models === 'none') throw new Error(`provider "${name}": nobody would ask it, models: none`);
        if (!/^[\w.-]+$/.test(name)) throw new Error(`${JSON.stringify(name)}: no name of a provider`);
        const provider = checkedBy(providerSchema(z), given, `provider "${name}"`);
        assertNoToken(provider.keyEnv, base.tokens);
        take('provider', name, plugin);
        providers.set(name, provider);
      },
      addPrompt(given) {
        const section = checkedSection(given, plugin, 'configure');
        take('section', section.title, plugin);
        sections.push(section);
      },
      setEnvironment(name, value) {
        assertVariable(name, value, base.tokens);
        take('environment', name, plugin);
        environment.set(name, value);
      },
      restrictTools(agent, given) {
        assertAgent(agent, names());
        const wanted = checkedBy(z.array(z.enum(TOOL_NAMES)), given, `tools of ${agent}`);
        const own = agents.agents.find(({ name }) => name === agent)!.tools;
        const foreign = wanted.find((tool) => !own.includes(tool));
        if (foreign !== undefined) throw new Error(`${agent} has no tool "${foreign}": a plugin can only take away`);
        tools.set(agent, new Set(wanted).intersection(tools.get(agent) ?? new Set(own)));
      },
      skipAgent(agent, why) {
        assertAgent(agent, names());
        const reason = oneLine(String(why));
        if (reason === '') throw new Error(`${agent}: why it is not asked must be said`);
        if (!skipped.has(agent)) skipped.set(agent, reason);
      },
      report: (message) => void problems.push({ plugin, phase: 'configure', message: oneLine(String(message)) }),
    });
    return { context, end: turn.end, settled: async () => void (await Promise.all(begun)) };
  }

  function postConfigure(plugin: string): PostConfigureTurn {
    const turn = turnOf(plugin, 'postConfigure');
    const own: Late = { assignments: [], sections: [] };
    const context = contextOf<Omit<PostConfigureContext, 'models'>>(turn.assert, {
      agents: names,
      assign(given) {
        const assignments = checkedBy(assignmentsSchema(z), given, 'assignments');
        for (const agent of Object.keys(assignments)) assertAgent(agent, names());
        if (models === 'none') throw new Error('no model can be assigned, models: none');
        const [problem] = problemsOf({ ...models, agents: assignments });
        if (problem) throw new Error(`${problem.path.join('.')}: ${problem.message}`);
        own.assignments.push(assignments);
      },
      addPrompt: (given) => void own.sections.push(checkedSection(given, plugin, 'postConfigure')),
      report: (message) => void problems.push({ plugin, phase: 'postConfigure', message: oneLine(String(message)) }),
    });
    const shown =
      models === 'none'
        ? null
        : frozenCopy({ tiers: models.tiers, agents: models.agents, providers: Object.keys(models.providers) });
    const whole = Object.freeze(Object.assign(Object.create(null) as object, context, { models: shown }));
    return { context: whole as PostConfigureContext, end: turn.end, take: () => void late.set(plugin, own) };
  }

  return {
    configure,
    postConfigure,
    configured() {
      if (base.models === 'none') return;
      models = { ...base.models, providers: Object.fromEntries(providers) };
      const [problem] = problemsOf(models);
      if (problem) throw new Error(`models.${problem.path.join('.')}: ${problem.message}`);
    },
    setup(order) {
      const assignments = new Map<string, AgentModel>();
      // In the order of the plugins, whoever was first to end: the same review every time.
      for (const plugin of order) {
        const refused = (message: string) => void problems.push({ plugin, phase: 'postConfigure', message });
        for (const given of late.get(plugin)?.assignments ?? [])
          for (const [agent, model] of Object.entries(given))
            if (assignments.has(agent)) refused(`the model of ${agent} is assigned already, by a plugin before it`);
            else assignments.set(agent, model);
        for (const section of late.get(plugin)?.sections ?? [])
          try {
            take('section', section.title, plugin);
            sections.push(section);
          } catch (error) {
            refused((error as Error).message);
          }
      }
      const there = new Set(names());
      const isThere = ([agent]: readonly [string, unknown]) => there.has(agent);
      const own = names().map(
        (name) => [name, sections.filter((each) => each.for !== 'all' && each.for.includes(name))] as const,
      );
      return {
        ...{ agents, models, problems },
        assignments: Object.fromEntries(assignments),
        prompts: {
          all: sections.filter((section) => section.for === 'all'),
          agents: Object.fromEntries(own.filter(([, told]) => told.length > 0)),
        },
        environment: Object.fromEntries(environment),
        tools: Object.fromEntries(
          [...tools].filter(isThere).map(([agent, left]) => [agent, TOOL_NAMES.filter((tool) => left.has(tool))]),
        ),
        skipped: Object.fromEntries([...skipped].filter(isThere)),
      };
    },
  };
}

/** What the layers are called that agents are made of already. */
function layersOf({ base, agents }: CompiledAgents): ReadonlySet<string | undefined> {
  const files = [...base.from, ...agents.flatMap(({ from }) => Object.values(from).flat())];
  return new Set(files.map((file) => file.split('/', 1)[0]));
}

/** Whether a plugin may still speak. */
function turnOf(plugin: string, phase: string): { readonly assert: () => void; readonly end: () => void } {
  let over = false;
  return {
    assert() {
      if (over) throw new Error(`the plugin "${plugin}" uses the context of ${phase}, which is over`);
    },
    end() {
      over = true;
    },
  };
}

type Calls = Readonly<Record<string, (...given: never[]) => unknown>>;

/** The calls of one plugin's turn, as an object of its own from which nothing else can be reached. */
function contextOf<C extends object>(assert: () => void, calls: C): C {
  const guarded = Object.entries(calls as unknown as Calls).map(([name, call]) => [
    name,
    Object.freeze((...given: never[]) => {
      assert();
      return call(...given);
    }),
  ]);
  return Object.freeze(Object.assign(Object.create(null) as object, Object.fromEntries(guarded))) as C;
}
