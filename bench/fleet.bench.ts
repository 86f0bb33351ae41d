import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { wireEntity } from '../test/backstage/entities.ts';
import { startBackstage } from '../test/backstage/server.ts';
import { startGitlab } from '../test/gitlab/start.ts';
import type { Outcome } from './fleet.once.ts';
import type { Measurement } from './run.ts';

export const title = 'A fleet listed from GitLab and matched to its Backstage catalog, in a fresh process';

const SIZES = [500, 1000, 2000];
const run_ = promisify(execFile);

export async function run(): Promise<Measurement[]> {
  // Checking 2,000 answers against the API description is the simulator's work, not ours.
  const gitlab = await startGitlab({ conformance: false });
  const backstage = await startBackstage(entities());
  try {
    gitlab.addUser({ username: 'bot' });
    gitlab.addGroup({ path: 'fleet', members: { bot: 'developer' } });
    const token = gitlab.addToken({ user: 'bot', scopes: ['read_api'] });
    const measured: Measurement[] = [];
    let made = 0;
    for (const size of SIZES) {
      for (; made < size; made++) await gitlab.addProject({ path: `fleet/service-${made}` });
      gitlab.forget();
      const before = backstage.requests.length;
      const env = { ...process.env, GITLAB_TOKEN: token, BACKSTAGE_TOKEN: backstage.token };
      const { stdout } = await run_(
        process.execPath,
        ['--expose-gc', join(import.meta.dirname, 'fleet.once.ts'), gitlab.url, backstage.url],
        { env },
      );
      const outcome = JSON.parse(stdout) as Outcome;
      if (outcome.projects !== size || outcome.known !== size)
        throw new Error(`${outcome.projects} listed, ${outcome.known} matched, of ${size}`);
      const at = `${size} projects: `;
      measured.push(
        { name: `${at}list and match`, value: outcome.listMs, unit: 'ms' },
        { name: `${at}catalog of 4,000 components`, value: outcome.catalogMs, unit: 'ms catalog' },
        { name: `${at}requests to GitLab`, value: gitlab.requests.length, unit: 'requests' },
        { name: `${at}requests to Backstage`, value: backstage.requests.length - before, unit: 'requests catalog' },
        { name: `${at}heap after the last page`, value: (outcome.samples.at(-1) ?? 0) / 2 ** 20, unit: 'MiB heap' },
        { name: `${at}peak memory`, value: outcome.peakBytes / 2 ** 20, unit: 'MiB' },
      );
    }
    return measured;
  } finally {
    await backstage.close();
    await gitlab.close();
  }
}

/** 4,000 components, half of them in repositories that are listed at the most. */
function entities() {
  const slug = (at: number) => ({ 'gitlab.com/project-slug': `fleet/service-${at}` });
  return Array.from({ length: 4000 }, (_, at) =>
    wireEntity('Component', `service-${at}`, {
      metadata: { annotations: slug(at) },
      spec: { type: 'service', lifecycle: 'production', owner: `group-${at % 50}` },
      relations: [`ownedBy group:default/group-${at % 50}`],
    }),
  );
}
