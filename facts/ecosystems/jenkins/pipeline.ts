import { joinPath } from '../../path-index.ts';
import type { Signal, Step } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { ciJob } from '../ci-jobs.ts';
import { OCCASIONS, type Occasion, occasionsByName, triggerOf } from '../ci-occasions.ts';
import { type ScriptLine, scriptStep, windowsLines } from '../ci-scripts.ts';
import { type Block, blocksOf, type Call, isBlock } from './blocks.ts';
import { isWhen, mayRun, whenAllows } from './conditions.ts';
import { type Text, tokensOf } from './groovy.ts';

/** Steps that hand their text to a shell; Windows' own among them. */
const SHELLS: ReadonlyMap<string, 'sh' | 'windows'> = new Map([
  ['sh', 'sh'],
  ['pysh', 'sh'],
  ['bat', 'windows'],
  ['powershell', 'windows'],
  ['pwsh', 'windows'],
]);

/** What a Jenkinsfile runs. `hasMain` tells that the repository has one at its root, beside which others are special. */
export function* pipelineSignals(file: SourceFile, hasMain: boolean): Iterable<Signal> {
  const blocks = blocksOf(tokensOf(file.text));
  const occasions = occasionsOf(file.path, hasMain);
  const walk: Walk = { file, variables: variablesIn(blocks), gate: { shut: false } };
  const jobs = new Set<string>();
  for (const step of stepsIn(blocks, { occasions, dir: '', job: '' }, walk)) {
    if (step.trigger === 'merge-request' && step.stage !== undefined && !jobs.has(step.job)) {
      jobs.add(step.job);
      yield ciJob(step.job, file.at(step.stage));
    }
    const { lines, stage: _, ...where } = step;
    yield* scriptStep(lines, where);
  }
}

/**
 * A repository's `Jenkinsfile` is run for every branch and pull request; other files are jobs of their own, whose
 * occasions are kept in Jenkins' settings.
 */
function occasionsOf(path: string, hasMain: boolean): readonly Occasion[] {
  if (path === 'Jenkinsfile') return OCCASIONS;
  const named = occasionsByName(path);
  if (named !== undefined) return named;
  return hasMain || !/(?:^|\/)Jenkinsfile/.test(path)
    ? OCCASIONS.filter(({ trigger }) => trigger === 'push')
    : OCCASIONS;
}

interface Walk {
  readonly file: SourceFile;
  readonly variables: ReadonlyMap<string, string>;
  /** After an `input` step somebody has to say go on. */
  readonly gate: { shut: boolean };
}

interface Place {
  readonly occasions: readonly Occasion[];
  /** `undefined` where a block goes to a folder that only a run knows, or outside of the repository. */
  readonly dir: string | undefined;
  readonly job: string;
  /** The line of the innermost named stage. */
  readonly stage?: number;
}

interface ShellStep extends Pick<Step, 'path' | 'dir' | 'pipeline' | 'job' | 'trigger'> {
  readonly lines: readonly ScriptLine[];
  readonly stage: number | undefined;
  readonly title?: string | undefined;
}

function* stepsIn(parts: readonly (Call | Block)[], place: Place, walk: Walk): Iterable<ShellStep> {
  // A stage's `when` may stand anywhere in it.
  const when = parts.find((part): part is Block => isBlock(part) && isWhen(part.call.name));
  const occasions =
    when === undefined ? place.occasions : place.occasions.filter((occasion) => whenAllows(when, occasion));
  const here = { ...place, occasions };
  for (const part of parts) {
    if (!isBlock(part)) yield* shellSteps(part, here, walk);
    else if (!isWhen(part.call.name)) yield* stepsIn(part.body, within(part, here), walk);
    if ((isBlock(part) ? part.call.name : part.name) === 'input') walk.gate.shut = true;
  }
}

function within({ call }: Block, place: Place): Place {
  const text = firstLine(call.texts.get('') ?? call.texts.get('path'));
  switch (call.name) {
    case 'stage': {
      const name = text ?? firstLine(call.texts.get('name'));
      return name === undefined || name.includes('$') ? place : { ...place, job: name, stage: call.line };
    }
    case 'dir':
    case 'ws':
      return {
        ...place,
        dir: call.name === 'ws' || text === undefined || place.dir === undefined ? undefined : folder(place.dir, text),
      };
    case 'if':
      return { ...place, occasions: place.occasions.filter((occasion) => mayRun(call.said, occasion)) };
    default:
      return place;
  }
}

function folder(dir: string, to: string): string | undefined {
  return to.includes('$') || to.startsWith('/') ? undefined : joinPath(dir, to);
}

function* shellSteps(call: Call, place: Place, { file, variables, gate }: Walk): Iterable<ShellStep> {
  const shell = SHELLS.get(call.name);
  const script = call.texts.get('script') ?? call.texts.get('');
  // What asks for the output asks the machine a question.
  if (
    shell === undefined ||
    script === undefined ||
    place.dir === undefined ||
    call.words.get('returnStdout') === 'true'
  )
    return;
  const lines = script.lines.map(({ text, line }) => ({
    text: script.interpolated ? filledIn(text, variables) : text,
    line: line || call.line,
  }));
  const title = firstLine(call.texts.get('label'));
  yield {
    path: file.path,
    dir: place.dir,
    pipeline: file.name,
    job: place.job,
    stage: place.stage,
    trigger: gate.shut ? 'manual' : triggerOf(place.occasions),
    lines: shell === 'windows' ? windowsLines(lines) : lines.map(({ text, line }) => ({ text: text.trim(), line })),
    title,
  };
}

function firstLine(text: Text | undefined): string | undefined {
  return text?.lines.length === 1 ? text.lines[0]!.text : undefined;
}

/** Variables that are given one literal text and no other: `def mvn = './mvnw -B'`, `environment { MVN = '...' }`. */
function variablesIn(blocks: readonly (Call | Block)[]): ReadonlyMap<string, string> {
  const texts = new Map<string, Set<string>>();
  const collect = (parts: readonly (Call | Block)[]): void => {
    for (const part of parts) {
      const { assigned, name, texts: given } = isBlock(part) ? part.call : part;
      if (assigned !== undefined) {
        const text = name === '' ? firstLine(given.get('')) : undefined;
        texts.set(
          assigned,
          (texts.get(assigned) ?? new Set()).add(text === undefined || text.includes('$') ? '' : text),
        );
      }
      if (isBlock(part)) collect(part.body);
    }
  };
  collect(blocks);
  const known = [...texts].flatMap(([name, [first = '', second]]) =>
    first !== '' && second === undefined ? [[name, first] as const] : [],
  );
  return new Map(known);
}

/** `$name`, `${name}` and `${{ env.name }}` of a string in double quotes. */
function filledIn(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$\{\{ (?:env\.)?(\w+) \}\}|\$\{(\w+)\}|\$(\w+)/g,
    (whole, dotted, braced, bare) => variables.get(dotted ?? braced ?? bare) ?? whole,
  );
}
