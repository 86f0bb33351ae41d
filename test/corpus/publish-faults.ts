/**
 * Publishes many projects to a simulated GitLab that fails at random on every route, and checks each of them afterwards.
 *
 *   node test/corpus/publish-faults.ts [--seed N] [--publishes 500] [--rate 0.2] [--concurrency 8]
 *
 * A quarter of the projects are published once, the others once more after people changed facts, merged the proposal by
 * hand, or replied to it. Prints what failed, what was sent again and why, and the time; exit code 1 with the story of each
 * project that is not exactly as without faults.
 */
import { parseArgs } from 'node:util';
import type { FaultyProject } from '../faulty/project.ts';
import { publishUnderFaults } from '../faulty/publishes.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    publishes: { type: 'string', default: '500' },
    rate: { type: 'string', default: '0.2' },
    concurrency: { type: 'string', default: '8' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1e6);
const rate = Number(values.rate);
const started = performance.now();
console.log(`seed ${seed}, ${values.publishes} projects, ${(100 * rate).toFixed(0)} % faults`);
const report = await publishUnderFaults({
  seed,
  rate,
  projects: Number(values.publishes),
  concurrency: Number(values.concurrency),
});

const struck = Object.values(report.faults).reduce((sum, count) => sum + count, 0);
const share = ((100 * struck) / report.requests).toFixed(1);
table(`faults, ${struck} of ${report.requests} requests (${share} %)`, report.faults);
table('sent again by the transport', report.retries);
table('writes sent again, by the audit log', report.writesAgain);
console.log(`\n${report.foundApplied} writes lost their answer and were found applied`);
table(`results of ${report.publishes} publishes and ${report.again} runs after a failure`, report.results);
const wrong = report.projects.filter((project) => project.wrong.length > 0);
for (const project of wrong.slice(0, 20)) tell(project);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `\n${wrong.length} of ${report.projects.length} projects are not as they must be; ${seconds} s, seed ${seed}`,
);
if (wrong.length > 0) process.exitCode = 1;

function table(title: string, counts: Readonly<Record<string, number>>): void {
  console.log(`\n${title}`);
  for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(7)}  ${name}`);
}

function tell({ path, kind, results, requests, audit, wrong }: FaultyProject): void {
  console.log(`\n${path}, ${kind}: ${results.join(', ')}`);
  for (const what of wrong) console.log(`  WRONG ${what}`);
  for (const { at, ms, method, path: asked, status, fault = '', applied } of requests)
    console.log(`  ${at} +${ms} ms ${method} ${asked} ${status} ${fault}${applied ? ' APPLIED' : ''}`);
  for (const { time, attempt, result, method, path: asked, retryOf = '' } of audit)
    console.log(`  ${time} ${method} ${asked} try ${attempt} ${result} ${retryOf}`);
}
