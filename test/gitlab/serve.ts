import { parseArgs } from 'node:util';
import type { SimulatorOptions } from './port.ts';
import { startGitlab } from './start.ts';

/**
 * Starts an instance with a few projects for exploring it by hand; ends with Ctrl-C.
 *
 *     node test/gitlab/serve.ts [--version 18.8.0] [--edition ce|premium|ultimate] [--subpath /gitlab]
 */
const { values } = parseArgs({
  options: { version: { type: 'string' }, edition: { type: 'string' }, subpath: { type: 'string' } },
});

const sim = await startGitlab(values as SimulatorOptions);
sim.addUser({ username: 'ada', name: 'Ada', email: 'ada@example.com' });
sim.addUser({ username: 'fleet-bot', name: 'Fleet bot', bot: true });
sim.addGroup({ path: 'bakery', members: { ada: 'maintainer', 'fleet-bot': 'developer' } });
await sim.addProject({
  path: 'bakery/shop',
  files: {
    'README.md': '# Shop\n\nSells bread.\n',
    'package.json': '{ "name": "shop", "scripts": { "test": "node --test" } }\n',
    'src/index.js': 'export const open = true;\n',
  },
  topics: ['javascript'],
  protectedBranches: ['release-*'],
});
await sim.addProject({
  path: 'bakery/oven/control',
  files: { 'go.mod': 'module control\n\ngo 1.24\n', 'main.go': 'package main\n' },
});
await sim.addProject({ path: 'bakery/attic', files: { 'README.md': 'Old.\n' }, archived: true });
await sim.addProject({ path: 'bakery/empty' });
await sim.push('bakery/shop', {
  branch: 'main',
  user: 'ada',
  message: 'Say when',
  files: { 'src/hours.js': 'export const hours = [6, 18];\n' },
});
const token = sim.addToken({ user: 'fleet-bot', scopes: ['api', 'write_repository'] });

const api = `${sim.url}/api/v4`;
const curl = `curl -sH 'PRIVATE-TOKEN: ${token}'`;
const clone = `${sim.url.replace('://', `://oauth2:${token}@`)}/bakery/shop.git`;
process.stdout.write(`GitLab simulator: ${sim.url}
administrator:    ${sim.rootToken}
fleet-bot:        ${token}

${curl} '${api}/projects?membership=true'
${curl} '${api}/projects/bakery%2Fshop/repository/tree?recursive=true&pagination=none'
${curl} -i '${api}/projects/bakery%2Fshop/repository/files/README.md/raw?ref=main'
${curl} -H 'Content-Type: application/json' '${api}/projects/bakery%2Fshop/repository/commits' \\
  -d '{"branch":"bot","start_branch":"main","commit_message":"Add","actions":[{"action":"create","file_path":"AGENTS.md","content":"hi"}]}'
${curl} -d source_branch=bot -d target_branch=main -d title=Hello '${api}/projects/bakery%2Fshop/merge_requests'
${curl} -H 'Content-Type: application/json' ${sim.url}/api/graphql -d '{"query":"{ currentUser { username } }"}'
git clone ${clone}
git clone --depth=1 --filter=blob:none ${clone} shop-partial
`);

process.once('SIGINT', () => sim.close());
process.once('SIGTERM', () => sim.close());
// The server alone does not hold the process.
const alive = setInterval(() => {}, 1 << 30);
process.once('SIGINT', () => clearInterval(alive));
process.once('SIGTERM', () => clearInterval(alive));
