/**
 * `npm run demo`: two weeks of a small company. A simulated GitLab in this process stands in for a real one; the program, git, and
 * what they say to it, are real. No network, no model. What there is to look at afterwards stays in a temporary folder.
 */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { openCompany } from '../story/company.ts';
import { renamedScripts, repositories } from './repositories.ts';
import { onScreen, say, show, title } from './screen.ts';

/** The last day is today. */
const DAYS = 15;
const BAKERY = 'acme/bakery';
const CART = 'acme/cart';
const DECLINED = 'acme/dough';
const RULE = 'ACME-LOG-001';
const RULE_FILE = `---
id: ${RULE}
title: Leave no console.log behind
level: MUST
status: active
owner: group:default/platform
applies-to: { languages: [typescript] }
check: { kind: file-content, files: ['**/*.ts'], forbid: 'console\\.log' }
---

Nobody reads it, and it slows the service down.
`;

const root = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-demo-')));
const report = join(root, 'report.html');
const codex = join(root, 'codex');
const texts = join(root, 'merge-requests');
for (const folder of [codex, texts]) mkdirSync(folder);
writeFileSync(join(codex, `${RULE}.md`), RULE_FILE);

const settings = [`codex: { from: ${codex} }`, 'review: { must: critical }', 'fleet: { groups: [acme] }'];
const company = await openCompany(() => settings, { folder: root, run: onScreen(root) });
const fleet = repositories();

title('A small company');
dayIs(1);
await makeCompany();
say(`A simulated GitLab stands in for a real one: ${company.gitlab.url}, gone when this ends. It holds real git repositories,
and is strict where GitLab is. The program does not know, and works as it would on yours. Two weeks go by at once.
Repositories: ${Object.keys(fleet).join(', ')}. People: ada, ben.
The codex, the rules of this company, has one: ${RULE}, "Leave no console.log behind".`);

title('Day 1: the first sweep proposes an AGENTS.md to each repository');
await agentsmd(['sweep']);
const [proposed] = await company.ours(BAKERY);
say(`\nThe merge request in ${BAKERY} (its last part, which says what people can reply, is left out here):`);
tell(proposed!, '### What you can reply');

dayIs(2);
title('Day 2: people merge what they like, and close one');
for (const path of Object.keys(fleet)) await (path === DECLINED ? company.decline(path, 1) : company.merge(path, 1));
say(`merged: ${Object.keys(fleet).length - 1}; closed: ${DECLINED}`);

dayIs(8);
title(
  'Day 8: ada renames two scripts of the bakery, mends one of two lines of AGENTS.md, and leaves two console.log behind',
);
const change = renamedScripts(fleet[BAKERY]!, await company.read(BAKERY, 'AGENTS.md'));
const iid = await company.propose(BAKERY, 'Rename two scripts', change, { asksUs: true });
say(`The pipeline of ${BAKERY}!${iid} has a job that reviews it. It fails:`);
await review(BAKERY, iid, 1);
say('\nComments on the merge request, as GitLab got them:');
await showThreads();

dayIs(9);
title('Day 9: ada mends one, ben wants the other as it is; nobody minds AGENTS.md');
await company.amend(BAKERY, iid, { 'src/server.ts': fleet[BAKERY]!['src/server.ts']! });
const script = (await company.threads(BAKERY, iid)).find(({ path }) => path === 'scripts/hello.ts');
await company.reply(BAKERY, iid, script!.id, "won't fix: a script may print");
say(
  `ada takes the line out of src/server.ts. ben replies on scripts/hello.ts: "won't fix: a script may print". The job runs again:`,
);
await review(BAKERY, iid, 0);
await company.merge(BAKERY, iid);
say(`\n${BAKERY}!${iid} is merged. Another one, in ${CART}, has nothing wrong with it:`);
const other = await company.propose(CART, 'Bread', { 'src/index.ts': "export const cart = ['bread'];\n" });
await review(CART, other, 0);
await company.merge(CART, other);

dayIs(15);
title('Day 15: the next sweep finds what was merged stale, and proposes the line as it should read');
await agentsmd(['sweep']);
const [, refresh] = await company.ours(BAKERY);
say(`\n${refresh!.title}`);
tell(refresh!, '### What you can reply');

title('How the company fares');
await agentsmd(['status']);
await agentsmd(['report', '--out', report]);
await keepBakery();
await company.close();
say(`
Open ${report} in a browser: coverage, merge requests, reviews, findings and what became of them.
The merge requests that it links to were on the simulated GitLab, which is gone.
${root}/bakery is the repository: main is what people merged, the branch ${refresh!.source} what is proposed now.
${texts} has the texts of the merge requests, ${codex} the codex.
To be rid of all of it, delete ${root}`);

function dayIs(day: number): void {
  company.day(day - DAYS + 1);
}

async function makeCompany(): Promise<void> {
  company.gitlab.addGroup({ path: 'acme', members: { 'agentsmd-bot': 'developer' } });
  for (const [path, files] of Object.entries(fleet)) await company.addRepository(path, files);
}

async function agentsmd(args: readonly string[]): Promise<void> {
  const { code } = await company.agentsmd(args);
  if (code !== 0) throw new Error(`agentsmd ${args[0]} ended with ${code}`);
}

async function review(project: string, number: number, expected: number): Promise<void> {
  const { code } = await company.review(project, number);
  if (code !== expected) throw new Error(`the review of ${project}!${number} ended with ${code}`);
}

/** Shows a merge request of ours up to a line, and keeps all of it. */
function tell({ project, iid: number, description }: typeof proposed & object, end: string): void {
  writeFileSync(join(texts, `${project.replace('/', '-')}-${number}.md`), description);
  show(description.split(end)[0]!);
}

async function showThreads(): Promise<void> {
  for (const { path, line, body } of await company.threads(BAKERY, iid)) {
    say(`${path}:${line}`);
    show(body);
  }
}

/** All its branches, in a clone that asks nobody for more. */
async function keepBakery(): Promise<void> {
  const dir = join(root, 'bakery');
  await testGit(root, ['init', '--quiet', '--template=', '--initial-branch=none', dir]);
  await testGit(dir, ['fetch', '--quiet', `${company.gitlab.url}/${BAKERY}.git`, '+refs/heads/*:refs/heads/*']);
  await testGit(dir, ['checkout', '--quiet', 'main']);
}
