import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FaultRule, GitlabSimulator } from '../gitlab/port.ts';
import type { Population } from './populate.ts';

/** What came to a simulator since it was told to forget. */
export interface Traffic {
  readonly requests: number;
  /** By method and route. */
  readonly routes: Readonly<Record<string, number>>;
  /** When each came, in ms since 1970. */
  readonly times: readonly number[];
  /** Those that were not answered well. */
  readonly failed: number;
  /** What the simulator's process has worked since it began, the gits that it ran not included. */
  readonly cpuMs: number;
}

export interface SeenMergeRequest {
  /** The project's number. */
  readonly project: number;
  readonly iid: number;
  readonly state: string;
  readonly source: string;
  readonly tip: string;
}

/** A GitLab simulator in a process of its own, so that what is measured here is ours alone. */
export interface HostedGitlab extends Pick<GitlabSimulator, 'url' | 'rootToken'> {
  /** Many projects at once. @returns their numbers by their paths. */
  populate(wanted: Population): Promise<Readonly<Record<string, number>>>;
  addGroup(...args: Parameters<GitlabSimulator['addGroup']>): Promise<void>;
  addToken(...args: Parameters<GitlabSimulator['addToken']>): Promise<string>;
  push: GitlabSimulator['push'];
  changeProject(...args: Parameters<GitlabSimulator['changeProject']>): Promise<void>;
  delay(ms: number): Promise<void>;
  addFault(rule: FaultRule): Promise<void>;
  clearFaults(): Promise<void>;
  forget(): Promise<void>;
  traffic(): Promise<Traffic>;
  /** All there are, as the API tells them. */
  mergeRequests(): Promise<readonly SeenMergeRequest[]>;
  close(): Promise<void>;
}

export type Verb = Exclude<keyof HostedGitlab, 'url' | 'rootToken' | 'close'>;

export interface Asked {
  readonly id: number;
  readonly verb: Verb;
  readonly args: readonly unknown[];
}

export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** Starts one. `close` it; where this process dies, it ends by itself. */
export async function hostGitlab(): Promise<HostedGitlab> {
  const child = fork(join(import.meta.dirname, 'gitlab-process.ts'), { serialization: 'advanced' });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const begun = await new Promise<Pick<HostedGitlab, 'url' | 'rootToken'>>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Pick<HostedGitlab, 'url' | 'rootToken'>));
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asked?.reject(new Error(answer.error));
    else asked?.resolve(answer.value);
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the simulator ended with ${code}`));
  });
  let last = 0;
  const ask =
    (verb: Verb) =>
    (...args: readonly unknown[]): Promise<never> =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        child.send({ id, verb, args } satisfies Asked);
      });
  return {
    ...begun,
    populate: ask('populate'),
    addGroup: ask('addGroup'),
    addToken: ask('addToken'),
    push: ask('push'),
    changeProject: ask('changeProject'),
    delay: ask('delay'),
    addFault: ask('addFault'),
    clearFaults: ask('clearFaults'),
    forget: ask('forget'),
    traffic: ask('traffic'),
    mergeRequests: ask('mergeRequests'),
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}
