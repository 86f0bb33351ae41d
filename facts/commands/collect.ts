import { type Evidence, type FactSource, PURPOSES, type Purpose } from '../fact.ts';
import type { ConventionalCommand, Launcher, PlainFact, Signal, Step, Task } from '../signal.ts';
import { Bodies, type Body } from './bodies.ts';
import { TaskIndex } from './calls.ts';
import type { Candidate } from './candidate.ts';
import { isPart, nameWords, readName, specialness } from './names.ts';
import { isForeign } from './origin.ts';
import { type BareCall, type Mention, type Pipelines, readPipelines } from './pipelines.ts';
import type { Features } from './ranking.ts';
import { type Reading, readCommand, shellWord } from './reading.ts';

/** Joins tasks, pipeline lines and conventions into candidates. */
export function collectCandidates(signals: readonly Signal[]): readonly Candidate[] {
  const tasks = signals.filter((signal): signal is Task => signal.kind === 'task');
  const steps = signals.filter((signal): signal is Step => signal.kind === 'step');
  const conventions = signals.filter((signal): signal is ConventionalCommand => signal.kind === 'command');
  const launchers = signals.filter((signal): signal is Launcher => signal.kind === 'launcher');
  const index = new TaskIndex(tasks);
  const bodies = new Bodies(index);
  const pipelines = readPipelines(steps, index, bodies);
  const context: Context = { bodies, pipelines, launchers, typedTools: typedTools(tasks, bodies, pipelines) };
  const candidates = [
    ...tasks.flatMap((task) => taskCandidates(task, context)),
    ...pipelines.calls.flatMap((call) => callCandidates(call, context)),
    ...conventions.map((command) => conventionCandidate(command, context)),
  ];
  const languages = mainLanguages(signals);
  return candidates.map((candidate) =>
    candidate.dir === '' && isForeign(candidate, languages)
      ? { ...candidate, features: { ...candidate.features, foreign: 1 } }
      : candidate,
  );
}

/** A task that answers a purpose less than this is no answer. */
const LEAST_FIT = 0.34;

function typedTools(
  tasks: readonly Task[],
  bodies: Bodies,
  pipelines: Pipelines,
): ReadonlyMap<string, readonly Reading[]> {
  const found = new Map<string, Reading[]>();
  const add = (dir: string, reading: Reading, purposes: readonly string[]): void => {
    if (reading.vague || reading.contained || reading.checks || reading.narrow >= 0.5) return;
    for (const purpose of purposes) {
      const key = `${dir} ${purpose} ${reading.tool}`;
      const list = found.get(key);
      if (list) list.push(reading);
      else found.set(key, [reading]);
    }
  };
  // How a pipeline calls a linter is how it is meant to be called; its flags for builds and tests serve the pipeline.
  for (const { dir, reading, mention } of pipelines.calls) {
    if (mention.trigger === 'merge-request')
      add(
        dir,
        reading,
        Object.keys(reading.purposes).filter((purpose) => purpose === 'lint' || purpose === 'typecheck'),
      );
  }
  for (const task of tasks)
    for (const reading of bodies.of(task).readings) add(task.dir, reading, Object.keys(reading.purposes));
  return found;
}

function differs(typed: readonly Reading[] | undefined, reading: Reading): boolean {
  const plain = (each: Reading): string => each.words.filter((word) => !each.rule?.broad?.includes(word)).join(' ');
  return typed !== undefined && !typed.some((other) => plain(other) === plain(reading));
}

function mainLanguages(signals: readonly Signal[]): readonly string[] {
  return signals
    .filter((signal): signal is PlainFact => signal.kind === 'fact' && signal.key === 'language' && signal.dir === '')
    .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))
    .map(({ value }) => value);
}

interface Context {
  readonly bodies: Bodies;
  readonly pipelines: Pipelines;
  readonly launchers: readonly Launcher[];
  /** How task bodies call each tool, by folder, purpose and tool. */
  readonly typedTools: ReadonlyMap<string, readonly Reading[]>;
}

function taskCandidates(task: Task, context: Context): readonly Candidate[] {
  const { bodies, pipelines, launchers } = context;
  if (task.internal) return [];
  const body = bodies.of(task);
  const name = readName(task.name);
  const mentions = pipelines.tasks.get(task) ?? [];
  const seen = mentionFeatures(mentions);
  const special = (name ? name.special : nameWords(task.name).length) + placeSpecial(task);
  const candidates: Candidate[] = [];
  for (const purpose of PURPOSES) {
    if (purpose === 'test-single') continue;
    const fit =
      taskFit(purpose, name?.purposes[purpose] ?? 0, body) * aboutTheWhole(purpose, task.name, name?.special ?? 0);
    if (fit < LEAST_FIT) continue;
    const direct =
      best(mentions.filter((mention) => !mention.indirect && mention.trigger === 'merge-request')) ?? undefined;
    const supported =
      !direct && (supportFor(body, purpose, task.dir, pipelines) || variantRuns(task, purpose, body, context));
    const features: Features = {
      fit,
      task: 1,
      ...seen,
      ...(supported ? { support: 1 } : {}),
      ...(direct ? { twice: 1 } : {}),
      ...((body.purposes[purpose] ?? 0) >= 0.7 ? { bodyAgrees: 1 } : {}),
      special,
      ...(special === 0 ? { plain: 1 } : {}),
      ...wrongMode(purpose, task, body),
    };
    const told = mentions.find((mention) => mention.trigger === 'human' && !mention.indirect);
    const evidence = [...(direct ? [direct.at] : []), task.at, ...(told ? [told.at] : [])];
    candidates.push({
      purpose,
      run: task.run,
      dir: task.dir,
      source: direct ? 'ci' : 'task',
      evidence,
      features,
      task,
    });
  }
  return [...candidates, ...bodyCandidates(task, body, launchers, candidates)];
}

/**
 * How well a task answers a purpose: by its name, tempered by what it runs. A name that could mean several things
 * (`check`) takes its meaning from the body; a name that says nothing lends only a weak answer.
 */
function taskFit(purpose: Purpose, byName: number, body: Body): number {
  // A linter that mends is how many repositories format.
  const mends = purpose === 'format' && body.readings.some((reading) => reading.fixes) ? 0.7 : 0;
  const inBody = Math.max(body.purposes[purpose] ?? 0, mends);
  const known = body.readings.length > 0;
  // `setup` may set up anything: only what installs dependencies installs.
  if (purpose === 'install' && inBody === 0 && body.readings.length + body.unknown > 0) return byName * 0.5;
  if (byName === 0) {
    const others = Object.entries(body.purposes).filter(([other, weight]) => other !== purpose && weight >= 0.7).length;
    return inBody >= 0.7 && others === 0 && body.unknown === 0 ? 0.35 * inBody : 0;
  }
  if (byName < 0.7) return known ? (inBody > 0 ? byName * 0.5 + 0.4 * inBody : 0) : byName;
  return known && inBody === 0 && body.unknown === 0 ? byName * 0.6 : byName;
}

/** A script speaks for the folder it lies in: `packaging/smoke/test.sh` tests the packaging. */
function placeSpecial(task: Task): number {
  if (task.runner !== 'script') return 0;
  const path = task.run.split(' ').find((word) => word.includes('/')) ?? '';
  const folders = path
    .split('/')
    .slice(0, -1)
    .filter((folder) => folder !== '.' && !SCRIPT_FOLDERS.has(folder));
  return folders.reduce((sum, folder) => sum + specialness(nameWords(folder)), 0);
}

const SCRIPT_FOLDERS = new Set([
  'scripts',
  'script',
  'bin',
  'hack',
  'ci',
  '.ci',
  'dev',
  'tools',
  'tool',
  'tasks',
  'build',
  'etc',
  'util',
  'utils',
]);

/** `test-integration` still tests; `install-goyacc` is about that one thing, and `lint:links` lints no code. */
function aboutTheWhole(purpose: Purpose, name: string, special: number): number {
  if (purpose === 'install') return special >= 1 ? 0.3 : 1;
  if (purpose === 'run' || purpose === 'generate') return special >= 1 ? 0.4 : 1;
  return isPart(name) ? 0.6 : 1;
}

function wrongMode(purpose: Purpose, task: Task, body: Body): Features | { wrongMode?: number } {
  const words = nameWords(task.name);
  const own = body.readings.filter((reading) => (reading.purposes[purpose] ?? 0) >= 0.5);
  if (purpose === 'format') {
    if (own.length > 0 && own.every((reading) => reading.checks)) return { wrongMode: 1 };
    if (words.includes('check')) return { wrongMode: 0.8 };
  }
  if (purpose === 'lint' && (words.includes('fix') || (own.length > 0 && own.every((reading) => reading.fixes))))
    return { wrongMode: 0.7 };
  return {};
}

/** What a task runs is the answer to questions that no task's name answers: `lint` that formats first. */
function bodyCandidates(
  task: Task,
  body: Body,
  launchers: readonly Launcher[],
  own: readonly Candidate[],
): readonly Candidate[] {
  const answered = (purpose: Purpose): boolean =>
    own.some((candidate) => candidate.purpose === purpose && candidate.features.fit >= 0.7);
  // `tsc` in a build script builds: that it also checks types is no news.
  const direct = body.readings.filter(
    (reading) =>
      !reading.vague &&
      !reading.contained &&
      reading.narrow < 0.5 &&
      !(Object.keys(reading.purposes) as Purpose[]).some(answered),
  );
  return direct.flatMap((reading) =>
    (Object.entries(reading.purposes) as [Purpose, number][])
      .filter(
        ([purpose, weight]) =>
          weight >= 0.7 && !own.some((candidate) => candidate.purpose === purpose && candidate.features.fit >= 0.7),
      )
      .map(([purpose, weight]): Candidate => {
        const features: Features = {
          fit: weight * 0.85,
          support: 0.5,
          narrow: reading.narrow,
          flags: reading.flags,
          ...modeOf(purpose, reading),
        };
        return {
          purpose,
          run: typed(reading, task.dir, launchers),
          dir: task.dir,
          source: 'task',
          evidence: [task.at],
          features,
          tool: reading.tool,
        };
      }),
  );
}

function callCandidates(call: BareCall, { launchers }: Context): readonly Candidate[] {
  const { reading, mention } = call;
  if (reading.vague) return [];
  return (Object.entries(reading.purposes) as [Purpose, number][]).map(([purpose, weight]): Candidate => {
    const features: Features = {
      fit: weight,
      ...mentionFeatures([mention]),
      // A document's example for one folder is no answer for the whole.
      ...(mention.trigger === 'human' && reading.narrow >= 0.5 ? { human: 0.2 } : {}),
      narrow: reading.narrow,
      flags: reading.flags,
      ...modeOf(purpose, reading),
    };
    return {
      purpose,
      run: typed(reading, call.dir, launchers),
      dir: call.dir,
      source: mention.trigger === 'human' ? 'human' : 'ci',
      evidence: [mention.at],
      features,
      tool: reading.tool,
    };
  });
}

function conventionCandidate(command: ConventionalCommand, { pipelines, typedTools }: Context): Candidate {
  const reading = readCommand(command.run.split(' '));
  const same = reading
    ? pipelines.calls.filter(
        (call) =>
          call.dir === command.dir &&
          call.reading.tool === reading.tool &&
          (call.reading.purposes[command.purpose] ?? 0) > 0,
      )
    : [];
  const shown = best(
    same
      .filter((call) => call.mention.trigger === 'merge-request' && !call.reading.contained)
      .map((call) => call.mention),
  );
  const any = shown ?? best(same.map((call) => call.mention));
  // A pipeline that only ever runs the tool on a part supports the whole, but does not run it.
  const whole = same.some((call) => call.reading.narrow < 0.3);
  const seen = any ? mentionFeatures([any]) : {};
  // A hook runner formats among other things: a pipeline that runs it says little about formatting.
  const squarely = reading?.purposes[command.purpose] ?? 0;
  const features: Features = {
    fit: 1,
    ...(any
      ? whole
        ? { ...seen, ci: (seen.ci ?? 0) * squarely, twice: squarely }
        : { support: 0.5, untyped: 0.5 }
      : {}),
    ...(command.source === 'config' ? { config: 1 } : {}),
    ...(command.source === 'human' ? { human: 1 } : {}),
    weight: command.weight ?? 0,
    // The repository itself types this tool, and otherwise: that form is the better one.
    ...(reading && differs(typedTools.get(`${command.dir} ${command.purpose} ${reading.tool}`), reading)
      ? { untyped: 1 }
      : {}),
  };
  const source: FactSource = shown ? 'ci' : command.source;
  const evidence: readonly Evidence[] = shown ? [shown.at, ...command.evidence] : command.evidence;
  return {
    purpose: command.purpose,
    run: command.run,
    dir: command.dir,
    source,
    evidence,
    features,
    ...(reading ? { tool: reading.tool } : {}),
  };
}

function modeOf(purpose: Purpose, reading: Reading): { wrongMode?: number } {
  if (purpose === 'format' && reading.checks) return { wrongMode: 1 };
  if (purpose === 'lint' && reading.fixes) return { wrongMode: 0.7 };
  return {};
}

function mentionFeatures(all: readonly Mention[]): Pick<Features, 'ci' | 'guarded' | 'contained' | 'human'> {
  if (all.some((mention) => mention.trigger === 'human' && !mention.indirect)) {
    return { ...mentionFeatures(inPipelines(all)), human: 1 };
  }
  const mention = best(inPipelines(all));
  if (!mention) return {};
  const onRequest = mention.trigger === 'merge-request' ? 1 : 0.3;
  return {
    ci: mention.indirect ? onRequest * 0.5 : onRequest,
    ...(mention.guarded ? { guarded: 1 } : {}),
    ...(mention.contained ? { contained: 1 } : {}),
  };
}

function inPipelines(mentions: readonly Mention[]): readonly Mention[] {
  return mentions.filter(({ trigger }) => trigger !== 'human');
}

/** The most telling of several mentions. */
function best(mentions: readonly Mention[]): Mention | undefined {
  const rank = (mention: Mention): number =>
    (mention.trigger === 'merge-request' ? 0 : 4) +
    (mention.indirect ? 2 : 0) +
    (mention.guarded ? 1 : 0) +
    (mention.contained ? 0.5 : 0);
  return mentions.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** A pipeline runs the very tool that this task wraps. */
function supportFor(body: Body, purpose: Purpose, dir: string, pipelines: Pipelines): boolean {
  const tools = toolsOf(body, purpose);
  return pipelines.calls.some(
    (call) => call.dir === dir && call.mention.trigger === 'merge-request' && tools.has(call.reading.tool),
  );
}

/** A pipeline runs a variant of this task: `test-coverage` for `test`, one linter of `lint`. */
function variantRuns(task: Task, purpose: Purpose, body: Body, { bodies, pipelines }: Context): boolean {
  const tools = toolsOf(body, purpose);
  if (tools.size === 0) return false;
  for (const [other, mentions] of pipelines.tasks) {
    if (other === task || other.dir !== task.dir || !mentions.some(({ trigger }) => trigger === 'merge-request'))
      continue;
    if (toolsOf(bodies.of(other), purpose).intersection(tools).size > 0) return true;
  }
  return false;
}

function toolsOf(body: Body, purpose: Purpose): ReadonlySet<string> {
  return new Set(
    body.readings.filter((reading) => (reading.purposes[purpose] ?? 0) >= 0.7).map((reading) => reading.tool),
  );
}

/** The command as a person types it here: with the launcher that this repository uses for tools of that language. */
function typed(reading: Reading, dir: string, launchers: readonly Launcher[]): string {
  const command = reading.words.map(shellWord).join(' ');
  const language = reading.rule?.language;
  if (reading.launcher && ONE_OFF.has(reading.launcher)) return `${reading.launcher} ${command}`;
  const launcher = launchers
    .filter(
      (each) => each.language === language && (each.dir === dir || each.dir === '' || dir.startsWith(`${each.dir}/`)),
    )
    .sort((a, b) => b.dir.length - a.dir.length)[0];
  const prefix = language === undefined ? '' : (launcher?.prefix ?? reading.launcher ?? '');
  return prefix === '' ? command : `${prefix} ${command}`;
}

const ONE_OFF = new Set(['uvx', 'uv tool run', 'pipx run']);
