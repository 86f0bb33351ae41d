import { createHash } from 'node:crypto';
import { CATALOG_DEFAULTS } from '../catalog/config.ts';
import { loadCodex, STARTER } from '../codex/load.ts';
import { dayOf } from '../codex/waivers.ts';
import { openChange } from '../forge/git/change.ts';
import type { CompiledAgents } from '../models/agents/agent.ts';
import { type ModelsConfig, TIERS } from '../models/config.ts';
import { reviewKeysFor } from '../reviewer/config.ts';
import type { EvalCase } from '../reviewer/eval/case.ts';
import { evalRepository } from '../reviewer/eval/repository.ts';
import type { EvalSettings, Replay, Replayed } from '../reviewer/eval/run.ts';
import { type Review, review } from '../reviewer/review.ts';
import { catalogPort } from './catalog-context.ts';
import type { LoadedConfig } from './config/load.ts';
import { notIgnored } from './examine.ts';
import type { Output } from './output.ts';
import { agentsOf } from './own-agents.ts';
import { type OpenPanel, openPanel } from './review-panel.ts';
import { version } from './version.ts';

/** What reviews stored merge requests, and what its results depend on. */
export interface Replayer {
  readonly settings: EvalSettings;
  readonly replay: Replay;
}

/** A change in a repository of the disk, and what goes with it. */
export interface StoredChange {
  readonly dir: string;
  readonly base: string;
  readonly head: string;
  /** Its title first. */
  readonly said: readonly string[];
  readonly description?: string | undefined;
  /** `starter`, or a folder that is read at `base`. */
  readonly codex?: string | undefined;
}

/** Reviews as `agentsmd review` does, with the models that are configured. */
export async function openReplayer(loaded: LoadedConfig, cases: readonly EvalCase[], out: Output): Promise<Replayer> {
  const starter = cases.some(({ codex }) => codex === STARTER) ? await loadCodex({ from: STARTER }) : undefined;
  const settings = {
    version: version(),
    prompts: promptsHash(await agentsOf(loaded)),
    models: modelsOf(loaded.values.models),
    codex: starter?.revision ?? null,
  };
  return { settings, replay: (one) => replayed(one, loaded, out) };
}

async function replayed(one: EvalCase, loaded: LoadedConfig, out: Output): Promise<Replayed> {
  const { dir, base, head, remove } = await evalRepository(one);
  try {
    const said = [one.title, ...(one.commit ?? one.title).split('\n', 1)];
    const { codex, description } = one;
    return replayedOf(await reviewStored({ dir, base, head, said, description, codex }, loaded, out));
  } finally {
    await remove();
  }
}

/** Reviews a change that is on the disk, by the configuration of whoever asks. */
export async function reviewStored(stored: StoredChange, loaded: LoadedConfig, out: Output): Promise<Review> {
  const { dir, base, head, said, description = '' } = stored;
  // A catalog server knows nothing of a repository that was made a moment ago.
  const catalog = loaded.values.catalog.from === 'files' ? loaded.values.catalog : CATALOG_DEFAULTS;
  const config = { ...loaded, values: { ...loaded.values, catalog } };
  const change = await openChange(dir, { base, rev: head });
  let panel: OpenPanel | undefined;
  try {
    const { files, before, after, target } = change;
    const codex = stored.codex === undefined ? undefined : await loadCodex(codexOf(stored.codex, dir, base));
    const common = { codex, today: dayOf(new Date()) };
    panel = await openPanel({
      ...{ ...common, config, out, change, unchosen: false, keys: reviewKeysFor(loaded.values.review, undefined) },
      ...{ folder: dir, mergeRequest: undefined, past: undefined, sees: { repo: dir, commit: head } },
      words: { gitlab: { title: said[0] ?? '', description, threads: [], self: NOBODY } },
    });
    return await review({
      ...{ ...common, files, before, after, target, said },
      catalog: catalogPort(config, dir, target, out),
      must: loaded.values.review.must,
      check: { levels: loaded.values.check.rules, only: await notIgnored(loaded.values) },
      panel: panel?.ask,
    });
  } finally {
    await panel?.close();
    await change.close();
  }
}

/** Nobody wrote in a merge request that never was. */
const NOBODY = { id: '', username: '', name: '' };

/** Who is asked, for people and for what results hang on. */
function modelsOf(models: ModelsConfig): string[] {
  if (models === 'none') return [];
  const agents = Object.entries(models.agents).map(([agent, { model, tier }]) => `${agent} ${model ?? tier}`);
  return [...TIERS.map((tier) => `${tier} ${models.tiers[tier]}`), ...agents.sort()];
}

function codexOf(codex: string, dir: string, rev: string) {
  return codex === STARTER ? { from: STARTER } : { from: dir, rev, folder: codex, shownAs: codex };
}

function replayedOf({ decision, complete, because, tier, findings, agents, models, ms }: Review): Replayed {
  return {
    // Where somebody gave no answer nothing is known of what would have been found.
    ...{ decision: complete ? decision : null, because, tier, ms, spent: models?.spent ?? null },
    agents: agents.map(({ name, state, message }) => ({ name, state, message })),
    findings: findings.map((finding) => {
      const { path, side, line, endLine, category, severity, title, detail, agent, computed } = finding;
      return { path, side, line, endLine, category, severity, title, detail, agent, computed };
    }),
  };
}

/** Of all that models are told by agents; where the files of it lie is nothing to them. */
function promptsHash({ base, agents }: CompiledAgents): string {
  const told = [base.prompt, ...agents.map(({ from: _, ...agent }) => agent)];
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}
