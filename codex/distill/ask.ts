import { createHash } from 'node:crypto';
import type { CompiledAgents } from '../../models/agents/agent.ts';
import type { Tier } from '../../models/config.ts';
import type { Account, Failed, Models, Subject } from '../../models/port.ts';
import { agentFor, ROLES, type Role } from './agents.ts';
import type { AnswerStore } from './answer-store.ts';
import { type Answers, answerSchemas } from './answers.ts';

export interface Asking {
  readonly models: Models;
  readonly account: Account;
  readonly agents: CompiledAgents;
  /** Whose documents they are: decides who may see them. */
  readonly about: Subject;
  /** `provider/id` of the model that is asked first: another one may answer otherwise. */
  modelOf(agent: string, tier: Tier): string;
  readonly store: AnswerStore;
  /** What was asked, and what did not have to be. */
  readonly count: { asked: number; kept: number };
}

export type Asked<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Remembers the answer: to be called once it turned out to hold. */
      keep(): void;
    }
  | { readonly ok: false; readonly reason: Failed['reason']; readonly message: string };

/**
 * Asks one role, unless the same was asked of the same model before and its answer held.
 *
 * @param shared What several roles are told alike: the section.
 */
export async function ask<R extends Role>(
  role: R,
  { shared, own }: { readonly shared: string; readonly own: string },
  { models, account, agents, about, modelOf, store, count }: Asking,
): Promise<Asked<Answers[(typeof ROLES)[R]]>> {
  type Value = Answers[(typeof ROLES)[R]];
  const agent = agentFor(role, agents);
  const name = ROLES[role];
  const schema = answerSchemas[name];
  const prompt = { stable: agents.base.prompt, shared, own: `${agent.prompt.trim()}\n\n${own}` };
  const asked = [name, prompt.stable, prompt.shared, prompt.own, modelOf(role, agent.tier)];
  const key = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const kept = schema.safeParse(store.get(key));
  if (kept.success) {
    count.kept += 1;
    return { ok: true, value: kept.data as Value, keep: () => {} };
  }
  count.asked += 1;
  const question = { agent: role, tier: agent.tier, about, account, prompt };
  const answer = await models.ask<unknown>({ ...question, answer: { name, schema } });
  if (answer.kind === 'failed') return { ok: false, reason: answer.reason, message: answer.message };
  return { ok: true, value: answer.value as Value, keep: () => store.put(key, answer.value) };
}
