import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { frontMatterLines } from '../forge/front-matter.ts';
import { type ReadRule, type RuleFile, readRule } from './read-rule.ts';

/** The text of a rule file and its path from the root of the codex. */
export interface RuleText {
  readonly path: string;
  readonly text: string;
}

/** Fewer files are read sooner than a thread starts. */
const MANY = 1500;
const MOST_THREADS = 4;

/** Reads rule files, in order; very many of them in several threads, for YAML takes 0.2 ms of each. */
export async function readRules(files: readonly RuleText[]): Promise<readonly RuleFile[]> {
  const threads = files.length < MANY ? 1 : Math.min(availableParallelism(), MOST_THREADS);
  const share = Math.ceil(files.length / threads);
  const others = Array.from({ length: threads - 1 }, (_, at) =>
    inThread(files.slice((at + 1) * share, (at + 2) * share)),
  );
  const own = files.slice(0, share).map(({ path, text }) => readRule(path, text));
  return [own, ...(await Promise.all(others))].flat();
}

/** What can be sent between threads of a {@link RuleFile}. */
type Answer = Pick<ReadRule, 'rule' | 'bodyLine'> | Exclude<RuleFile, ReadRule>;

const TASK = 'read codex rules';

function inThread(files: readonly RuleText[]): Promise<readonly RuleFile[]> {
  return new Promise((resolve, reject) => {
    // Options of node for its main file, such as --input-type, would fail here.
    const worker = new Worker(import.meta.filename, { workerData: { task: TASK, files }, execArgv: [] });
    worker.once('error', reject);
    worker.once('message', (answers: readonly Answer[]) =>
      resolve(
        answers.map((answer, at) => {
          const { text } = files[at]!;
          return 'problems' in answer ? answer : { ...answer, text, lineOf: frontMatterLines(text) };
        }),
      ),
    );
  });
}

if (!isMainThread && workerData?.task === TASK) {
  const answers = (workerData.files as readonly RuleText[]).map(({ path, text }): Answer => {
    const result = readRule(path, text);
    return 'problems' in result ? result : { rule: result.rule, bodyLine: result.bodyLine };
  });
  parentPort?.postMessage(answers);
}
