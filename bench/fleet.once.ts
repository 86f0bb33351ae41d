/** Lists a fleet and matches it to its catalog, in a process that does nothing else. Arguments: GitLab, Backstage. */

import { CATALOG_DEFAULTS } from '../catalog/config.ts';
import { contextOf, projectName } from '../catalog/context.ts';
import { openCatalog } from '../catalog/index.ts';
import { gitlabForge } from '../forge/gitlab/index.ts';

/** What it took. */
export interface Outcome {
  readonly projects: number;
  /** Of them those whose owner the catalog knows. */
  readonly known: number;
  readonly catalogMs: number;
  readonly listMs: number;
  readonly peakBytes: number;
  /** Heap in use after every 500 projects, in bytes. */
  readonly samples: readonly number[];
}

const [gitlab = '', backstage = ''] = process.argv.slice(2);
const start = performance.now();
const catalog = await openCatalog(
  { ...CATALOG_DEFAULTS, from: 'backstage', baseUrl: backstage, insights: false },
  { env: process.env, folder: undefined, instances: ['https://gitlab.example.com'] },
);
const afterCatalog = performance.now();
const forge = gitlabForge({ instance: { url: gitlab, token: { env: 'GITLAB_TOKEN' } }, audit: { append: () => {} } });
let projects = 0;
let known = 0;
const samples: number[] = [];
for await (const project of forge.projects()) {
  projects++;
  const name = { ...projectName(project), host: 'gitlab.example.com' };
  if (catalog && contextOf(catalog, name)?.owner) known++;
  if (projects % 500 === 0) {
    globalThis.gc?.();
    samples.push(process.memoryUsage().heapUsed);
  }
}
const done = performance.now();
await forge.close();
const peakBytes = process.resourceUsage().maxRSS * 1024;
const outcome: Outcome = {
  projects,
  known,
  catalogMs: afterCatalog - start,
  listMs: done - afterCatalog,
  peakBytes,
  samples,
};
console.log(JSON.stringify(outcome));
