import type { ToolName } from '../../models/agents/agent.ts';
import type { Assignments, ModelsSettings, ProviderSettings } from '../../models/config.ts';
import type { ChangedFile } from '../change/change-set.ts';
import type { EngineEvent } from '../engine/port.ts';
import type { AgentReport } from '../report.ts';
import type { RiskTier } from '../scope/tier.ts';

/**
 * One concern of a review by language models. Hooks are run in this order, and none of them ever sees what became of it all: a plugin says
 * what it has to add, the review puts it together.
 *
 * - `bootstrap`: of all plugins at the same time. One that fails is reported, and the review goes on without what it would have brought.
 * - `configure`: one after the other. One that fails ends the review: nothing is approved.
 * - `postConfigure`: of all at the same time, after that, for what has to be fetched. One that fails is reported.
 */
export interface ReviewPlugin {
  readonly name: string;
  bootstrap?(about: PluginSubject, signal: AbortSignal): Promise<void>;
  configure?(context: ConfigureContext, about: PluginSubject): void | Promise<void>;
  postConfigure?(context: PostConfigureContext, about: PluginSubject, signal: AbortSignal): Promise<void>;
  /** Told of what happens, as it happens. Must not throw; is never waited for. */
  onEvent?(event: ReviewEvent): void;
  /** At the end, whatever happened. At most 2 s. */
  close?(): Promise<void>;
}

/** The change that is reviewed, as far as a plugin has to know of it. Frozen. */
export interface PluginSubject {
  /** `group/name`; `null`: not known. */
  readonly project: string | null;
  readonly iid: number | null;
  readonly tier: RiskTier;
  readonly files: readonly Pick<ChangedFile, 'path' | 'from' | 'status' | 'added' | 'removed' | 'noise'>[];
}

/** What both contexts have. They are good for their hook alone: who calls one later gets an error. */
interface AnyContext {
  /** Names of the agents there are by now. */
  agents(): readonly string[];
  /** Checked at once: an agent that there is not, or a title that is taken, is an error. */
  addPrompt(section: PromptSection): void;
  /** Tells people of something that holds nothing up, on one line. */
  report(message: string): void;
}

/** Everything that a plugin may add to. Each call is checked at once; a name that is taken is an error. */
export interface ConfigureContext extends AnyContext {
  /** A folder with `agents/*.md`, laid over those that are there; `layer` is what it is called in origins. They are there once it is awaited. */
  addAgents(folder: string, layer: string): Promise<void>;
  /** A provider of models, as in `models.providers`. */
  addProvider(name: string, provider: ProviderSettings): void;
  /** For the process of the models, which inherits next to nothing. Names of tokens of the forge are refused. */
  setEnvironment(name: string, value: string): void;
  /** Which tools an agent may use, among those it has: a plugin can take away, never give. */
  restrictTools(agent: string, tools: readonly ToolName[]): void;
  /** Keeps an agent from being asked, with the reason that is told. */
  skipAgent(agent: string, why: string): void;
}

/** What is still open once all plugins have configured. Of a hook that fails, or is late, nothing of this is taken. */
export interface PostConfigureContext extends AnyContext {
  /** Which model an agent asks; goes before `models.agents`. Of two plugins that name one agent the first in order counts. */
  assign(assignments: Assignments): void;
  /** Models and their settings as they are by now, to be read; `null`: `models: none`. */
  readonly models: (Pick<ModelsSettings, 'tiers' | 'agents'> & { readonly providers: readonly string[] }) | null;
}

/** A text for prompts. Whoever wrote it, it stands between tags that it cannot close. */
export interface PromptSection {
  /** What it is, for the model: `AGENTS.md of the target branch`. */
  readonly title: string;
  readonly text: string;
  /** Which agents are told; `all`: everybody, before anything that changes from push to push. */
  readonly for: 'all' | readonly string[];
  /** Stays byte for byte, since its lines are quoted; anything else loses what nobody sees. */
  readonly verbatim?: true | undefined;
}

export type ReviewEvent =
  | { readonly type: 'started'; readonly tier: RiskTier; readonly agents: readonly string[] }
  | { readonly type: 'agent'; readonly report: AgentReport }
  | { readonly type: 'engine'; readonly event: EngineEvent }
  | { readonly type: 'ended'; readonly decision: string | null; readonly findings: number; readonly ms: number };
