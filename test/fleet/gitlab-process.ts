import { startGitlab } from '../gitlab/start.ts';
import type { Answer, Asked, HostedGitlab, Verb } from './hosted-gitlab.ts';
import { populate } from './populate.ts';

/** Hosts a simulator for the process that forked this one; its memory and its work are not that process'. */
const sim = await startGitlab({ conformance: false, requestsPerHour: null });

const verbs: { readonly [verb in Verb]: (...args: Parameters<HostedGitlab[verb]>) => unknown } = {
  populate: (wanted) => populate(sim, wanted),
  addGroup: (group) => sim.addGroup(group),
  addToken: (token) => sim.addToken(token),
  push: (project, commit) => sim.push(project, commit),
  changeProject: (path, change) => sim.changeProject(path, change),
  delay: (ms) => sim.delay(ms),
  addFault: (rule) => sim.faults.add(rule),
  clearFaults: () => sim.faults.clear(),
  forget: () => sim.forget(),
  traffic: () => {
    const routes: Record<string, number> = {};
    for (const { method, route } of sim.requests)
      routes[`${method} ${route}`] = (routes[`${method} ${route}`] ?? 0) + 1;
    return {
      requests: sim.requests.length,
      routes,
      times: sim.requests.map(({ at }) => at),
      failed: sim.requests.filter(({ status }) => status >= 400 || status === 0).length,
      cpuMs: cpuMs(),
    };
  },
  mergeRequests: async () => {
    const found = [];
    for (let page = 1; ; page++) {
      const query = new URLSearchParams({ scope: 'all', state: 'all', per_page: '100', page: String(page) });
      const answer = await fetch(`${sim.url}/api/v4/merge_requests?${query}`, {
        headers: { 'PRIVATE-TOKEN': sim.rootToken },
      });
      const list = (await answer.json()) as Raw[];
      found.push(
        ...list.map(({ project_id, iid, state, source_branch, sha }) => ({
          project: project_id,
          iid,
          state,
          source: source_branch,
          tip: sha,
        })),
      );
      if (list.length < 100) return found;
    }
  },
};

interface Raw {
  readonly project_id: number;
  readonly iid: number;
  readonly state: string;
  readonly source_branch: string;
  readonly sha: string;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

process.on('message', async ({ id, verb, args }: Asked) => {
  const answer: Answer = await Promise.resolve()
    .then(() => (verbs[verb] as (...args: readonly unknown[]) => unknown)(...args))
    .then(
      (value) => ({ id, value }),
      (error: unknown) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  process.send?.(answer);
});
// Whoever started it is gone: so is the folder with its repositories.
process.once('disconnect', async () => {
  await sim.close();
  process.exit(0);
});
process.send?.({ url: sim.url, rootToken: sim.rootToken });
