import { dirname } from 'node:path';
import { openConfigured } from '../models/open.ts';
import { openWire } from '../models/wire.ts';
import { openEngine } from '../reviewer/engine/open.ts';
import type { EngineEvent } from '../reviewer/engine/port.ts';
import { warmEngine } from '../reviewer/engine/warm.ts';
import { type Memory, memoryOf } from '../reviewer/panel/memory.ts';
import { type PanelResult, type PanelSubject, runPanel } from '../reviewer/panel/panel.ts';
import type { ReviewSetup } from '../reviewer/plugins/draft.ts';
import { openEvents } from '../reviewer/plugins/events.ts';
import { setUp } from '../reviewer/plugins/lifecycle.ts';
import type { Review } from '../reviewer/review.ts';
import { type Hearing, hear } from '../reviewer/talk/ask.ts';
import type { Talk } from '../reviewer/talk/open.ts';
import { servers } from './catalog-context.ts';
import { assertOwnModels } from './config/servers.ts';
import { forgeTokens } from './forge-tokens.ts';
import { knownProject } from './known-project.ts';
import { localProject } from './local-project.ts';
import { agentsOf } from './own-agents.ts';
import { ownPlugins } from './own-plugins.ts';
import { printableLine } from './printable.ts';
import type { PanelAround } from './review-around.ts';
import { builtinPlugins } from './review-plugins.ts';
import { stateFolder } from './state-folder.ts';

/** Language models that are asked about a change. Whoever opens it closes it. */
export interface OpenPanel {
  readonly ask: (subject: PanelSubject) => Promise<PanelResult>;
  /** Has a model read what people said; nothing where it was not asked for a review, or fails. */
  hear(talks: readonly Talk[]): Promise<Hearing>;
  /** Tells plugins how it ended, and gives what the next review may rest on; nothing where not everything was looked at. */
  ended(review: Review, head: string): Memory | undefined;
  close(): Promise<void>;
}

/**
 * Opens what asks language models, as it is configured; `undefined` where none are.
 *
 * @throws {ConfigError} where a configuration names models, agents or plugins that others may have written.
 */
export async function openPanel(around: PanelAround): Promise<OpenPanel | undefined> {
  const { config, out, mergeRequest } = around;
  const { models: settings, review: own } = config.values;
  if (settings === 'none') return undefined;
  assertOwnModels(config);
  const { env } = process;
  const warn = (message: string) => out.warn(printableLine(message));
  const home = config.file === undefined ? process.cwd() : dirname(config.file);
  const state = () => stateFolder(env);
  const tokens = forgeTokens(config, env);
  const [agents, plugins, place] = await Promise.all([
    agentsOf(config),
    ownPlugins(config, around.folder),
    placeOf(around),
  ]);
  const project = await knownProject(around, place, around.change.target);
  const wire = openWire(env);
  const telling = await openConfigured(settings, { env, home, state, onProblem: warn });
  // While the change is read, and what can be computed is.
  const warm = warmEngine({ models: settings, environment: {}, home }, { env, forgeTokens: Object.keys(tokens) });
  let setup: ReviewSetup | undefined;
  let setupId = '';
  let events = openEvents([], () => {});

  return {
    async ask(subject) {
      const all = [...builtinPlugins(around, subject, project, { settings, telling, wire }), ...plugins];
      events = openEvents(all, ({ plugin, message }) => warn(`review plugin ${plugin}: ${message}`));
      const { tier, files } = subject;
      const { providers: _, ...models } = settings;
      const about = { project: project.path, iid: mergeRequest?.iid ?? null, tier, files };
      const ready = await setUp(all, { agents, models, tokens }, about, new AbortController().signal);
      setup = ready;
      for (const { plugin, message } of ready.problems) warn(`review plugin ${plugin}: ${message}`);
      const { agent, whole } = own.deadlines;
      const result = await runPanel(
        { ...subject, past: around.past },
        {
          setup: ready,
          deadlines: { agent: agent * 1000, whole: whole * 1000 },
          open: async (patches) => await engineWith(ready, patches),
          onStart: (agents) => events.tell({ type: 'started', tier, agents }),
          onReport(report) {
            out.progress(`${report.name}: ${report.state}, ${report.findings} findings`);
            events.tell({ type: 'agent', report });
          },
        },
      );
      setupId = result.setup;
      return result;
    },
    async hear(talks) {
      if (!setup) return { heard: new Map(), spent: null, told: '' };
      const ready = setup;
      const settings = { setup: ready, deadline: own.deadlines.agent * 1000, after: around.change.after };
      const hearing = await hear(talks, { ...settings, open: async () => await engineWith(ready, null) });
      if (hearing.told !== '') out.note(printableLine(hearing.told));
      return hearing;
    },
    ended(review, head) {
      const { decision, findings, ms, complete } = review;
      events.tell({ type: 'ended', decision, findings: findings.length, ms });
      return setupId !== '' && complete ? memoryOf(head, setupId, review) : undefined;
    },
    async close() {
      warm.close();
      await events.close();
      await telling.close();
      await wire.close();
    },
  };

  async function engineWith(ready: ReviewSetup, patches: string | null) {
    const models =
      ready.models === 'none'
        ? ready.models
        : { ...ready.models, agents: { ...ready.models.agents, ...ready.assignments } };
    const name = ['review', ...project.path.split('/'), ...(mergeRequest ? [String(mergeRequest.iid)] : [])].join('-');
    const about = { project: project.path, tags: project.tags };
    const { sees } = around;
    return await openEngine(
      { models, home, state: state(), about, name, sees, patches, environment: ready.environment },
      {
        env,
        warm,
        forgeTokens: Object.keys(tokens),
        onEvent(event) {
          events.tell({ type: 'engine', event });
          out.note(printableLine(eventText(event)));
        },
      },
    );
  }
}

/** How the catalog, and who decides what data may be seen, know what is reviewed. */
async function placeOf({ config, folder, mergeRequest }: PanelAround) {
  if (mergeRequest) {
    const { instance, project: path } = mergeRequest;
    return { instance, path, id: '', url: `${instance}/${path}`, defaultBranch: null };
  }
  return await localProject(folder ?? '.', servers(config));
}

/** What is told of an engine while it works. */
export function eventText(event: EngineEvent): string {
  switch (event.type) {
    case 'thinking':
      return `${event.agent}: the model is thinking (${event.seconds} s since its last word)`;
    case 'failback':
      return `${event.agent}: ${event.from} is left alone, ${event.to ?? 'and nobody'} takes over`;
    case 'continued':
      return `${event.agent}: the answer of ${event.model} was cut off, and goes on`;
    case 'warning':
      // Of nobody in particular, as of the configuration.
      return event.agent === '' ? event.message : `${event.agent}: ${event.message}`;
    case 'restart':
      return `the process of the models is started again: ${event.why}`;
  }
}
