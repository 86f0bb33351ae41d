import { imageCommand } from '../../commands/tool-tables/images.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Step } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { strongest } from '../ci-jobs.ts';
import { windowsLines } from '../ci-scripts.ts';
import { ACTION_TOOLS, SCRIPT_INPUTS } from '../ci-tools/actions.ts';
import { isSwitchedOff, mayRun, type Occasion } from './occasions.ts';
import { calledScope, envNames, foldersOf, type Scope, scriptsBehind, withCheckouts, within } from './scope.ts';

/** Where steps stand and under which circumstances they run. */
export interface StepContext {
  readonly repo: RepoView;
  /** How many steps may still be looked at. */
  readonly budget: { left: number };
  readonly file: SourceFile;
  readonly pipeline: string;
  readonly job: string;
  readonly occasions: readonly Occasion[];
  readonly scope: Scope;
  /** Where and with what a step runs that does not say so itself. */
  readonly dir: Tree | undefined;
  readonly shell: string | undefined;
  /** How many actions deep: actions use actions. */
  readonly depth: number;
}

/** GitHub allows ten. */
const MAX_DEPTH = 10;
/** Inputs are few, and this is looked through line by line. */
const MAX_LINES = 50;
/** What these read is no shell text. */
const OTHER_LANGUAGES = /^(?:python[\d.]*|perl|ruby|node|deno|bun|Rscript|julia|nu)\b/;
/** Of these only the lines that say the same to every shell. */
const WINDOWS = /^(?:pwsh|powershell|cmd)\b/;

/** What a list of steps runs. */
export function* stepsOf(steps: readonly Tree[], context: StepContext): Iterable<Step> {
  for (const step of steps) {
    if (context.budget.left-- <= 0) return;
    const condition = step.get('if')?.text;
    if (isSwitchedOff(condition)) continue;
    const here: StepContext = {
      ...context,
      occasions: context.occasions.filter((occasion) => mayRun(condition, occasion)),
      scope: within(context.scope, envNames(step.get('env'), context.file.path)),
    };
    const run = step.get('run');
    const uses = step.get('uses')?.text;
    if (run?.text !== undefined) yield* scriptSteps(step, run, step.get('working-directory') ?? context.dir, here);
    else if (uses?.startsWith('./')) yield* actionSteps(step, uses, here);
    else if (uses !== undefined) yield* toolSteps(step, uses, here);
  }
}

/** The files of the local actions that steps use, and of those that these use. */
export function* actionFiles(repo: RepoView, steps: readonly Tree[], seen: Set<string>): Iterable<string> {
  const scope = withCheckouts(steps);
  for (const step of steps) {
    const path = actionFile(repo, step.get('uses')?.text, scope);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    yield path;
    yield* actionFiles(repo, repo.file(path)?.yaml()?.get('runs', 'steps')?.items() ?? [], seen);
  }
}

function* scriptSteps(step: Tree, run: Tree, dir: Tree | undefined, context: StepContext): Iterable<Step> {
  const shell = step.get('shell')?.text ?? context.shell ?? '';
  if (OTHER_LANGUAGES.test(shell)) return;
  for (const { tree, path } of scriptsBehind({ tree: run, path: context.file.path }, context.scope)) {
    const all = tree.textLines();
    const written = all.slice(0, all.findLastIndex(({ text }) => text.trim() !== '') + 1);
    const lines = WINDOWS.test(shell) ? windowsLines(written) : written;
    if (lines.length === 0 && written.length > 0) continue;
    for (const folder of foldersOf(dir, context.scope, context.repo.paths)) {
      yield stepOf(step, context, {
        script: lines
          .map(({ text }) => text)
          .join('\n')
          .trimEnd(),
        path,
        lines: lines.map(({ line }) => line),
        ...folder,
      });
    }
  }
}

function* actionSteps(step: Tree, uses: string, context: StepContext): Iterable<Step> {
  const path = actionFile(context.repo, uses, context.scope);
  const file = path === undefined ? undefined : context.repo.file(path);
  const action = file?.yaml();
  if (file === undefined || action === undefined || context.depth >= MAX_DEPTH) return;
  yield* stepsOf(action.get('runs', 'steps')?.items() ?? [], {
    ...context,
    file,
    scope: calledScope(context.scope, action.get('inputs'), file.path, {
      with: step.get('with'),
      path: context.file.path,
    }),
    // A job's defaults do not reach into an action.
    dir: undefined,
    shell: undefined,
    depth: context.depth + 1,
  });
}

/** The file of an action of this repository, whether it is composite or not. */
function actionFile(repo: RepoView, uses: string | undefined, { home }: Scope): string | undefined {
  if (!uses?.startsWith('./')) return undefined;
  const folder = joinPath('', uses);
  if (folder === undefined) return undefined;
  const dir = home !== '' && `${folder}/`.startsWith(`${home}/`) ? folder.slice(home.length + 1) : folder;
  return ['action.yml', 'action.yaml'].map((name) => joinPath(dir, name)!).find((path) => repo.paths.isFile(path));
}

function* toolSteps(step: Tree, uses: string, context: StepContext): Iterable<Step> {
  if (uses.startsWith('docker://')) return yield* imageSteps(step, uses, context);
  const action = uses.split('@')[0]!.toLowerCase();
  const given = step.get('with');
  const script = given?.get(SCRIPT_INPUTS.get(action) ?? '');
  if (script?.text !== undefined) yield* scriptSteps(step, script, given?.get('working-directory'), context);
  const tool = ACTION_TOOLS.get(action);
  if (tool === undefined) return;
  for (const folder of foldersOf(given?.get(tool.dirInput ?? 'working-directory'), context.scope, context.repo.paths)) {
    const command = tool.command({
      with: (input) => literal(given?.get(input)),
      has: (file) => context.repo.paths.isFile(joinPath(folder.dir, file) ?? ''),
    });
    if (command === undefined) continue;
    const lines = command.split('\n').map((each) => tellingLine(each, step, context.file));
    yield stepOf(step, context, { script: command, path: context.file.path, lines, ...folder });
  }
}

/** `uses: docker://koalaman/shellcheck:stable` hands its arguments to the image's entry point. */
function* imageSteps(step: Tree, uses: string, context: StepContext): Iterable<Step> {
  const [args, entrypoint] = ['args', 'entrypoint'].map((input) => literal(step.get('with', input)));
  const words = [entrypoint, args].filter(Boolean).join(' ');
  const script = entrypoint ? words : imageCommand(uses, words);
  if (script === '') return;
  const line = tellingLine(script, step, context.file);
  yield stepOf(step, context, { script, path: context.file.path, lines: [line], dir: '' });
}

/** An input on one line, unless it is only known in a run. */
function literal(input: Tree | undefined): string {
  const text = input?.text ?? '';
  return text.includes('${{') ? '' : text.split(/\s+/).filter(Boolean).join(' ');
}

/** The line of `uses:`, or the first one of the inputs that shows a word of the command where that line does not. */
function tellingLine(command: string, step: Tree, file: SourceFile): number {
  const words = command.split(/[^\w-]+/).filter((word) => word.length > 2);
  const inputs = (step.get('with')?.entries() ?? []).flatMap(([, input]) => input.textLines().map(({ line }) => line));
  const lines = [step.get('uses')!.line, ...inputs].slice(0, MAX_LINES);
  return lines.find((line) => words.slice(0, 20).some((word) => file.lines.line(line).includes(word))) ?? lines[0]!;
}

function stepOf(
  step: Tree,
  { job, pipeline, occasions }: StepContext,
  what: Pick<Step, 'script' | 'path' | 'lines' | 'dir' | 'oneOfMany'>,
): Step {
  const title = step.get('name')?.text;
  return {
    kind: 'step',
    ...what,
    pipeline,
    job,
    trigger: strongest(occasions.map(({ trigger }) => trigger)),
    ...(title === undefined || title.includes('${{') ? {} : { title }),
  };
}
