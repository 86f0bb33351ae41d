import type { RepoView } from '../../ecosystem.ts';
import { joinPath } from '../../path-index.ts';
import type { Step } from '../../signal.ts';
import { hiddenFolder } from '../ci-folders.ts';
import { triggerOf } from '../ci-occasions.ts';
import { type ScriptLine, type StepPlace, scriptLines, scriptStep, windowsLines } from '../ci-scripts.ts';
import { TASK_SCRIPTS, TASK_TOOLS } from '../ci-tools/azure-tasks.ts';
import { entriesOf, filledIn, itemsOf, mayHold, type Placed, resolved } from './expressions.ts';
import { type Job, templateOf, textOf, withParameters } from './jobs.ts';

const MAX_DEPTH = 15;

/** What a job's steps run, templates of steps looked through. */
export function* stepsOf(job: Job, repo: RepoView, budget: { left: number }): Iterable<Step> {
  for (const step of job.steps) yield* stepSteps(step, { job, repo, budget, occasions: job.occasions, depth: 0 });
}

interface Walk extends Pick<Job, 'occasions'> {
  readonly job: Job;
  readonly repo: RepoView;
  readonly budget: { left: number };
  readonly depth: number;
}

type Entries = ReadonlyMap<string, Placed>;

function* stepSteps(step: Placed, outer: Walk): Iterable<Step> {
  if (outer.budget.left-- <= 0 || outer.depth > MAX_DEPTH) return;
  const entries = entriesOf(step);
  if (textOf(entries.get('enabled')) === 'false') return;
  const condition = entries.get('condition');
  const written = condition === undefined ? undefined : resolved(condition);
  const occasions = outer.occasions.filter(
    (occasion) => written === undefined || mayHold(written.tree.text, occasion, written.scope) !== 'no',
  );
  const walk: Walk = { ...outer, occasions };
  if (entries.has('template')) return yield* templateSteps(step, entries, walk);
  const task = textOf(entries.get('task'));
  if (task !== '') return yield* taskSteps(task, entries, walk);
  for (const [key, windows] of SHELLS) {
    const script = entries.get(key);
    if (script !== undefined)
      yield* scriptSteps(script, windows ?? walk.job.windows, entries.get('workingDirectory'), entries, walk);
  }
}

/** `script` is read by the agent's own shell. */
const SHELLS: readonly (readonly [key: string, windows: boolean | undefined])[] = [
  ['script', undefined],
  ['bash', false],
  ['pwsh', true],
  ['powershell', true],
];

function* scriptSteps(
  written: Placed,
  windows: boolean,
  dir: Placed | undefined,
  entries: Entries,
  walk: Walk,
): Iterable<Step> {
  const script = resolved(written);
  const folder = folderOf(dir, walk.repo);
  if (script === undefined || folder === undefined) return;
  const lines = scriptLines(script.tree).map(({ text, line }) => ({ text: filledIn(text, script.scope), line }));
  // A path with backslashes is Windows', whatever is known of the agent.
  const asWindows = windows || /^(?:call\s+)?[\w.]+\\/.test(lines[0]?.text ?? '');
  yield* scriptStep(asWindows ? windowsLines(lines) : lines, placeOf(script.path, folder, entries, walk));
}

function placeOf(path: string, dir: string, entries: Entries, { job, occasions }: Walk): StepPlace {
  const title = textOf(entries.get('displayName'));
  const plain = title === '' || title.includes('$') ? undefined : title;
  return { path, dir, pipeline: job.pipeline, job: job.name, trigger: triggerOf(occasions), title: plain };
}

function* templateSteps(step: Placed, entries: Entries, walk: Walk): Iterable<Step> {
  const template = templateOf(entries, step, walk.repo);
  const steps = template?.tree.get('steps');
  if (template === undefined || steps === undefined) return;
  const scope = withParameters(template, entries.get('parameters'));
  for (const inner of itemsOf({ ...template, tree: steps, scope }))
    yield* stepSteps(inner, { ...walk, depth: walk.depth + 1 });
}

function* taskSteps(task: string, entries: Entries, walk: Walk): Iterable<Step> {
  const name = task.split('@')[0]!.toLowerCase();
  const given = entries.get('inputs');
  const inputs = new Map(
    [...(given === undefined ? [] : entriesOf(given))].map(([key, value]) => [key.toLowerCase(), value]),
  );
  const script = TASK_SCRIPTS.get(name);
  const text = script === undefined ? undefined : inputs.get(script.input);
  if (script !== undefined && text !== undefined) {
    const windows = script.shell === 'windows' || (name === 'cmdline' && walk.job.windows);
    return yield* scriptSteps(text, windows, inputs.get('workingdirectory'), entries, walk);
  }
  const tool = TASK_TOOLS.get(name);
  const folder = folderOf(inputs.get((tool?.dirInput ?? 'workingDirectory').toLowerCase()), walk.repo);
  if (tool === undefined || folder === undefined) return;
  const command = tool.command({
    with: (input) => literal(inputs.get(input.toLowerCase())),
    has: (file) => walk.repo.paths.isFile(joinPath(folder, file) ?? ''),
  });
  if (command === undefined) return;
  const { path, tree } = entries.get('task')!;
  const lines = command.split('\n').map(
    (each): ScriptLine => ({
      text: each,
      line: tellingLine(each, { path, line: tree.line }, inputs, walk.repo),
    }),
  );
  yield* scriptStep(lines, placeOf(path, folder, entries, walk));
}

/** An input on one line, unless it is only known in a run. */
function literal(input: Placed | undefined): string {
  const text = textOf(input).replace(/(?<=[\w.*])\\(?=[\w.*])/g, '/');
  return text.includes('${{')
    ? ''
    : text
        .split(/\s+/)
        .filter((word) => word !== '' && !/\$[([]/.test(word))
        .join(' ');
}

/** The line of the task, or the first one of its inputs that shows a word of the command. */
function tellingLine(command: string, at: { path: string; line: number }, inputs: Entries, repo: RepoView): number {
  const file = repo.file(at.path);
  const words = command
    .split(/[^\w-]+/)
    .filter((word) => word.length > 2)
    .slice(0, 20);
  const lines = [...inputs.values()].filter(({ path }) => path === at.path).map(({ tree }) => tree.line);
  return (
    [at.line, ...lines.slice(0, 20)].find((line) => words.some((word) => file?.lines.line(line).includes(word))) ??
    at.line
  );
}

const UNKNOWN = /\$\{\{[^{}]*\}\}|\$\([^()]*\)|\$\[[^[\]]*\]/g;

/** A folder of the repository; `undefined` outside of it, or where only a run knows it. */
function folderOf(dir: Placed | undefined, { paths }: RepoView): string | undefined {
  const text = textOf(dir).replaceAll('\\', '/');
  if (/\b(?:Agent|Build\.(?:Artifact|Binaries))/i.test(text)) return undefined;
  if (text.includes('$')) return hiddenFolder(text, UNKNOWN, paths);
  return text.startsWith('/') ? undefined : joinPath('', text);
}
