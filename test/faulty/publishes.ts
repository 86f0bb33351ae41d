import { setTimeout } from 'node:timers/promises';
import type { AuditEntry } from '../../forge/audit.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import { asking } from '../gitlab/asking.ts';
import type { LoggedRequest } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type Counts, fastClock, inParallel, strike, TIMEOUT, tally } from './faults.ts';
import { addFaultyProject, type FaultyProject } from './project.ts';

export interface FaultyOptions {
  /** Of the faults, and of what waits are made longer by. */
  readonly seed: number;
  readonly projects: number;
  /** Share of all requests that are struck, from 0 to 1. */
  readonly rate: number;
  /** Projects at a time. */
  readonly concurrency: number;
}

export interface FaultyReport {
  readonly projects: readonly FaultyProject[];
  readonly publishes: number;
  /** Runs after one that failed. */
  readonly again: number;
  readonly requests: number;
  readonly faults: Counts;
  readonly results: Counts;
  /** Requests that the transport sent again, by its reason. */
  readonly retries: Counts;
  /** Writes that were sent again, by the reason in the audit log. */
  readonly writesAgain: Counts;
  /** Writes whose answer was lost, and that a look found applied. */
  readonly foundApplied: number;
}

/** GitLab lets a user send 7200 requests an hour; then a client waits. */
const PROJECTS_OF_A_BOT = 150;

/**
 * Publishes projects to a GitLab that fails at random on every route, as a scheduler would: several at a time, and again what
 * failed. Each is published, most of them once more after people did something, and then looked at without faults.
 */
export async function publishUnderFaults({ seed, rate, ...options }: FaultyOptions): Promise<FaultyReport> {
  const gitlab = await startGitlab({ seed, conformance: false });
  const audit: AuditEntry[] = [];
  const retries: string[] = [];
  const clock = fastClock(seed);
  gitlab.addGroup({ path: 'shop', members: { ada: 'maintainer' } });
  const ada = asking(gitlab, gitlab.addToken({ user: 'ada', scopes: ['api'] }));
  const bots = Array.from({ length: Math.ceil(options.projects / PROJECTS_OF_A_BOT) }, (_, number) => {
    const user = `bot${number}`;
    gitlab.addGroup({ path: 'shop', members: { [user]: 'developer' } });
    return gitlabForge({
      instance: { url: gitlab.url, token: { env: 'TOKEN' }, timeout: TIMEOUT, concurrency: options.concurrency },
      env: { TOKEN: gitlab.addToken({ user, scopes: ['api'] }) },
      audit: { append: (entry) => void audit.push(entry) },
      clock,
      onAttempt: ({ retry }) => void (retry !== undefined && retries.push(retry)),
    });
  });
  const each = (projects: readonly FaultyProject[], act: (project: FaultyProject) => Promise<void>) =>
    inParallel(projects, options.concurrency, act);
  try {
    const projects: FaultyProject[] = [];
    for (let number = 0; number < options.projects; number++)
      projects.push(await addFaultyProject(gitlab, ada, bots[Math.floor(number / PROJECTS_OF_A_BOT)]!, number));
    strike(gitlab, rate, 0);
    await each(projects, (project) => project.publish());
    gitlab.faults.clear();
    await each(projects, (project) => project.change());
    const later = projects.filter(({ kind }) => kind !== 'new');
    strike(gitlab, rate, 1);
    await each(later, (project) => project.publish());
    gitlab.faults.clear();
    // The server may be at something still that nobody waits for any more.
    await setTimeout(TIMEOUT * 300);
    const requests = gitlab.requests.filter(({ headers }) => headers['user-agent'] === 'agentsmd');
    const seen = Map.groupBy(requests, projectOf);
    const logged = Map.groupBy(audit, ({ project }) => project);
    await each(projects, (project) => project.check(seen.get(project.id) ?? [], logged.get(project.path) ?? []));
    const results = projects.flatMap((project) => project.results);
    const publishes = projects.length + later.length;
    return {
      projects,
      publishes,
      again: results.length - publishes,
      requests: requests.length,
      faults: tally(requests.flatMap(({ fault, status }) => (fault === undefined ? [] : [`${fault}, ${status}`]))),
      results: tally(results),
      retries: tally(retries.map(plain)),
      writesAgain: tally(audit.flatMap(({ retryOf }) => (retryOf === undefined ? [] : [plain(retryOf)]))),
      foundApplied: audit.filter(({ result }) => result === 'found-applied').length,
    };
  } finally {
    for (const bot of bots) await bot.close();
    await gitlab.close();
  }
}

/** Its number; 0 where a request is about no single one. */
function projectOf({ path }: LoggedRequest): number {
  return Number(/^\/api\/v4\/projects\/(\d+)/.exec(path)?.[1] ?? 0);
}

/** A reason without the place. */
function plain(reason: string): string {
  return reason.replace(/^.*?: [A-Z]+ \/\S*: /, '').slice(0, 70);
}
