/**
 * Puts real repositories behind the GitLab simulator, works out their facts through the API, and compares them byte for
 * byte with the facts of the repository itself. Counts the requests of each project.
 *
 *   node test/corpus/fidelity.ts --gold DIR [--repos DIR] [--only WORD] [--version 18.8.0]
 *
 * `--repos` (or AGENTSMD_REPOS) holds bare git directories, <owner>+<name> or <owner>+<name>/repo; gold files name the commits.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyze } from '../../facts/index.ts';
import { openRepository } from '../../forge/git/open.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { generate } from '../../generator/index.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { readGold } from './compare.ts';

const { values } = parseArgs({
  options: {
    repos: { type: 'string', default: process.env.AGENTSMD_REPOS ?? '' },
    gold: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    version: { type: 'string', default: '18.8.0' },
  },
});
if (!values.repos || !values.gold) {
  console.error('usage: fidelity.ts --gold DIR [--repos DIR] [--only WORD] [--version 18.8.0]');
  process.exit(2);
}

const gitlab = await startGitlab({ version: values.version });
const requests: { facts: number[]; file: number[] } = { facts: [], file: [] };
let same = 0;
let different = 0;
for (const { repo, commit } of readGold(values.gold, values.only)) {
  const gitDir = folderOf(values.repos, repo);
  if (gitDir === undefined) continue;
  const path = `gold/${repo.replace('/', '-')}`;
  await gitlab.addProject({ path, from: { gitDir, commit } });
  const local = await openRepository(gitDir, { rev: commit });
  const facts = await through(gitlab, path, commit, (reader) => analyze(reader));
  const file = await through(gitlab, path, commit, (reader) => generate(reader, { fresh: true }));
  const asLocal = JSON.stringify({ ...facts.result, repository: '' });
  const equal = asLocal === JSON.stringify({ ...(await analyze(local)), repository: '' });
  const equalFiles = JSON.stringify(file.result) === JSON.stringify(await generate(local, { fresh: true }));
  await local.close();
  requests.facts.push(facts.requests);
  requests.file.push(file.requests);
  if (equal && equalFiles) same++;
  else different++;
  const verdict = equal && equalFiles ? 'same' : equal ? 'OTHER FILES' : 'OTHER FACTS';
  console.log(
    `${repo.padEnd(44)} ${verdict}, requests: facts ${facts.requests}, AGENTS.md ${file.requests} ${facts.kinds}`,
  );
}
await gitlab.close();
console.log(
  `\n${same} the same, ${different} different; requests for the facts of a project: median ${median(requests.facts)}, at most ${Math.max(...requests.facts)}; for its AGENTS.md: median ${median(requests.file)}, at most ${Math.max(...requests.file)}`,
);
process.exitCode = different > 0 || same === 0 ? 1 : 0;

function folderOf(repos: string, repo: string): string | undefined {
  const folder = join(repos, repo.replace('/', '+'));
  return [join(folder, 'repo'), folder].find((dir) => existsSync(join(dir, 'HEAD')));
}

/** With a connection of its own: nothing is learnt from the project before. */
async function through<T>(
  { url, rootToken, requests: log, forget }: GitlabSimulator,
  path: string,
  commit: string,
  work: (reader: RepoReader) => Promise<T>,
): Promise<{ result: T; requests: number; kinds: string }> {
  forget();
  const instance = { url, token: { env: 'TOKEN' } };
  const forge = gitlabForge({ instance, env: { TOKEN: rootToken }, audit: { append: () => {} } });
  const { project, head } = await forge.standing({ id: '', path }, { branch: 'agentsmd', files: ['AGENTS.md'] });
  if (head !== commit) throw new Error(`${path}: stands at ${head}, not at ${commit}`);
  const reader = await forge.open(project, commit);
  const result = await work(reader);
  const kinds = log.map(({ route }) => route.replace(/^.*\//, '')).join(' ');
  await reader.close();
  await forge.close();
  return { result, requests: log.length, kinds };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
