/**
 * `npm run demo`: a small fleet in a folder, swept by the real program, with people who merge, decline, and make an AGENTS.md
 * stale. No server, no network, no model. What it made stays in a temporary folder, the report with it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { madeSources } from '../fleet/sources.ts';

const MAIN = join(import.meta.dirname, '../../cli/main.ts');
const FIXTURES = join(import.meta.dirname, '../fixtures');
const MADE = ['npm', 'python', 'go', 'rust', 'dotnet'];
const BAKERY = 'bakery';
const DECLINED = 'rust';
const OURS = 'agentsmd/refresh';
const CHANGE = 'use-npm';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-demo-')));
const fleet = join(root, 'fleet');
const report = join(root, 'report.html');
const bakery = join(fleet, BAKERY);

title('A fleet: git repositories in a folder');
await makeFleet();
say(`${fleet}: ${[BAKERY, ...MADE].join(', ')}`);

title('1. The first sweep proposes an AGENTS.md to each, on a branch');
agentsmd(['sweep', '--dir', fleet]);

title('2. People merge what they like, and delete the branch of one');
const merged = [BAKERY, ...MADE.filter((name) => name !== DECLINED)];
for (const name of merged) await testGit(join(fleet, name), ['merge', '--quiet', '--no-edit', OURS]);
await testGit(join(fleet, DECLINED), ['branch', '--quiet', '-D', OURS]);
say(`merged: ${merged.join(', ')}; declined: ${DECLINED}`);

title('3. Somebody moves the bakery to npm and forgets AGENTS.md: the review says which lines are false now');
await moveToNpm();
agentsmd(['review', bakery, '--base', 'main', '--head', CHANGE], [0, 1]);

title('4. It is merged all the same: the next sweep proposes the lines as they should read');
await testGit(bakery, ['merge', '--quiet', '--no-edit', CHANGE]);
agentsmd(['sweep', '--dir', fleet]);
say(await testGit(bakery, ['diff', '--unified=0', 'main', OURS, '--', 'AGENTS.md']));

title('5. How the fleet fares');
agentsmd(['report', '--out', report]);
say(`Open ${report} in a browser: coverage over time, what became of the merge requests, what is open.
Reviews of merge requests are in it where they are made on GitLab; this folder has none.
${join(bakery, 'AGENTS.md')} is what people merged, the branch ${OURS} there what is proposed now.
To be rid of all of it, delete ${root}`);

async function makeFleet(): Promise<void> {
  mkdirSync(fleet);
  const sources = await madeSources();
  for (const { name, gitDir } of sources.all.filter((source) => MADE.includes(source.name)))
    await testGit(fleet, ['clone', '--quiet', '--origin', 'elsewhere', gitDir, join(fleet, name)]);
  for (const name of MADE) await testGit(join(fleet, name), ['remote', 'remove', 'elsewhere']);
  await sources.cleanup();
  cpSync(join(FIXTURES, BAKERY), bakery, { recursive: true });
  await testGit(bakery, ['init', '--quiet', '--template=']);
  await commit('The bakery');
}

/** Its manifest, lock file and pipeline: everything but what agents are told. */
async function moveToNpm(): Promise<void> {
  await testGit(bakery, ['checkout', '--quiet', '-b', CHANGE]);
  for (const file of ['package.json', '.gitlab-ci.yml']) {
    const path = join(bakery, file);
    const text = readFileSync(path, 'utf8').replace('pnpm@10.17.0', 'npm@11.4.0');
    writeFileSync(
      path,
      text.replace(/pnpm install\S*( --frozen-lockfile)?/g, 'npm ci').replace(/pnpm (?=\w)/g, 'npm run '),
    );
  }
  rmSync(join(bakery, 'pnpm-lock.yaml'));
  writeFileSync(join(bakery, 'package-lock.json'), '{ "name": "bakery", "lockfileVersion": 3, "packages": {} }\n');
  await commit('Use npm');
  await testGit(bakery, ['checkout', '--quiet', 'main']);
}

async function commit(message: string): Promise<void> {
  await testGit(bakery, ['add', '--all']);
  await testGit(bakery, ['commit', '--quiet', '-m', message]);
}

/** Runs the program as a person would, with nothing of theirs: state and settings are the demo's own. */
function agentsmd(args: readonly string[], codes: readonly number[] = [0]): void {
  say(`$ agentsmd ${args.join(' ')}`);
  const { PATH = '', NO_COLOR } = process.env;
  const { status } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: root,
    env: { PATH, HOME: root, AGENTSMD_STATE_DIR: join(root, 'state'), ...(NO_COLOR === undefined ? {} : { NO_COLOR }) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === null || !codes.includes(status)) throw new Error(`agentsmd ${args[0]} ended with ${status}`);
}

function title(text: string): void {
  say(`\n== ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
