import { PURPOSES, type Purpose } from '../fact.ts';
import type { Launcher, Task } from '../signal.ts';
import type { Body } from './bodies.ts';
import type { Candidate } from './candidate.ts';
import { type Context, supportFor, variantRuns } from './context.ts';
import { modeOf, typed } from './from-calls.ts';
import { best, mentionFeatures } from './mentions.ts';
import { isNever, isPart, nameWords, readName, specialness, testsSomething } from './names.ts';
import type { Mention } from './pipelines.ts';
import type { Features } from './ranking.ts';
import { invocations } from './shell.ts';

/** A task that answers a purpose less than this is no answer. */
const LEAST_FIT = 0.34;
/** What it counts that the merge-request pipeline runs the parts of a task one by one. */
const PARTS_RUN = 0.3;

/** What a task, and the tools in its body, may answer. */
export function taskCandidates(task: Task, context: Context): readonly Candidate[] {
  const { bodies, pipelines, launchers } = context;
  if (task.internal || isNever(task.name) || onlyTalks(task) || pipelines.dispatchers.has(task)) return [];
  const body = bodies.of(task);
  const name = readName(task.name) ?? namedAfterTool(task, body);
  const mentions = pipelines.tasks.get(task) ?? [];
  const seen = mentionFeatures(mentions);
  const special =
    (isDefault(task)
      ? seen.ci === 1 && onlyTests(body)
        ? 0
        : 0.8
      : name
        ? name.special
        : nameWords(task.name).length) +
    placeSpecial(task) +
    (RETIRED.test(task.description ?? '') ? 1 : 0);
  const candidates: Candidate[] = [];
  for (const purpose of PURPOSES) {
    if (purpose === 'test-single') continue;
    const fit =
      taskFit(purpose, name?.purposes[purpose] ?? 0, task, body) *
      aboutTheWhole(purpose, task.name, name?.special ?? 0);
    if (fit < LEAST_FIT) continue;
    const direct =
      best(mentions.filter((mention) => !mention.indirect && mention.trigger === 'merge-request')) ?? undefined;
    // What the pipeline runs inside another task already counts for that.
    const inside = mentions.some(({ trigger, indirect }) => trigger === 'merge-request' && indirect);
    const supported =
      !direct &&
      !inside &&
      (supportFor(body, purpose, task.dir, pipelines) || variantRuns(task, purpose, body, context));
    const wrong = wrongMode(purpose, task, body);
    const whole =
      special === 0 && (seen.ci ?? 0) < PARTS_RUN && CHECKS.has(purpose) && partRuns(purpose, body, context);
    const part = purpose === 'build' && special >= 0.5 ? partOf(purpose, body) : 0;
    const features: Features = {
      fit,
      task: 1,
      ...seen,
      ...(whole ? { ci: PARTS_RUN } : {}),
      ...(supported ? { support: 1 } : {}),
      ...(direct ? { twice: 1 } : {}),
      ...((body.purposes[purpose] ?? 0) >= 0.7 ? { bodyAgrees: 1 } : {}),
      special,
      ...(part > 0 ? { narrow: part } : {}),
      ...(special === 0 && (wrong.wrongMode ?? 0) < 0.5 ? { plain: 1 } : {}),
      ...wrong,
      ...(task.weight === undefined ? {} : { weight: task.weight }),
    };
    const told = mentions.find((mention) => mention.trigger === 'human' && !mention.indirect);
    const evidence = [...(direct ? [direct.at] : []), task.at, ...(told ? [told.at] : [])];
    candidates.push({
      purpose,
      run: spelling(task, direct),
      dir: task.dir,
      source: direct ? 'ci' : 'task',
      evidence,
      features,
      task,
    });
  }
  return [...candidates, ...bodyCandidates(task, body, launchers, candidates)];
}

/** `helm-docs.sh` that starts helm-docs, in a container perhaps, does what the tool does. */
function namedAfterTool(task: Task, { readings }: Body): ReturnType<typeof readName> {
  // A manager that installs does so under any name.
  const own = readings.find(({ words, rule, purposes }) => rule && !purposes.install && words[0] === task.name);
  const purposes = Object.entries(own?.purposes ?? {}).filter(([, weight]) => weight >= 0.7);
  return purposes.length === 0 || isNever(task.name)
    ? undefined
    : { purposes: Object.fromEntries(purposes), special: 0 };
}

/** `echo Please test each package by itself`: it tells people what to do, and does nothing. */
function onlyTalks({ body, needs }: Task): boolean {
  if (body.length === 0 || needs.length > 0) return false;
  const said = invocations(body.join('\n'));
  return said.length > 0 && said.every(({ words }) => /^(?:echo|printf|exit|true|false|:)$/.test(words[0] ?? ''));
}

/** A script is the same however it is started; the repository's own way is the one to say: `tools/check`, `bash x.sh`. */
function spelling(task: Task, { words = [], launcher }: Pick<Mention, 'words' | 'launcher'> = {}): string {
  // The Gemfile that brings fastlane may lie anywhere, or be made by the pipeline's own means.
  if (task.runner === 'fastlane' && launcher && !task.run.startsWith(launcher)) return `${launcher} ${task.run}`;
  if (task.runner !== 'script') return task.run;
  const plain = (word = ''): string => word.replace(/^\.\//, '');
  const path = plain(task.run.split(' ').at(-1));
  const length = /^(?:ba)?sh$/.test(words[0] ?? '') ? 2 : 1;
  return plain(words[length - 1]) === path ? words.slice(0, length).join(' ') : task.run;
}

/** `helper:build` whose tool builds one folder does no more than that tool does there. */
function partOf(purpose: Purpose, { readings }: Body): number {
  const own = readings.filter((reading) => (reading.purposes[purpose] ?? 0) >= 0.7);
  return own.length === 0 ? 0 : Math.min(...own.map(({ narrow }) => narrow));
}

const CHECKS: ReadonlySet<Purpose> = new Set(['test', 'lint', 'format', 'typecheck']);

/** The pipeline runs the parts one by one that this task runs together: `test:unit` of `test`. */
function partRuns(purpose: Purpose, body: Body, { pipelines }: Context): boolean {
  return body.calls.some(
    (part) =>
      (readName(part.name)?.purposes[purpose] ?? 0) >= 0.7 &&
      pipelines.tasks.get(part)?.some(({ trigger, indirect }) => trigger === 'merge-request' && !indirect),
  );
}

/**
 * How well a task answers a purpose: by its name, tempered by what it runs. A name that could mean several things
 * (`check`) takes its meaning from the body; a name that says nothing lends only a weak answer.
 */
function taskFit(purpose: Purpose, byName: number, task: Task, body: Body): number {
  // A linter that mends is how many repositories format.
  const mends = purpose === 'format' && body.readings.some((reading) => reading.fixes) ? 0.7 : 0;
  const called = body.calls.some((other) => (readName(other.name)?.purposes[purpose] ?? 0) >= 0.7) ? 0.7 : 0;
  const inBody = Math.max(body.purposes[purpose] ?? 0, mends, called);
  const known = body.readings.length > 0;
  if (isDefault(task)) return purpose === 'test' && inBody >= 0.7 ? (onlyTests(body) ? 1 : 0.7) : 0;
  // `bootstrap` that applies Terraform: a deployment is no answer.
  if ((purpose === 'install' || purpose === 'build') && body.readings.some((reading) => reading.rule?.acts)) return 0;
  // `setup` may set up anything: only what installs dependencies installs.
  if (purpose === 'install' && inBody === 0) return 0;
  // `lint` that restores first is about linting.
  if (purpose === 'install' && byName === 0 && readName(task.name)) return 0;
  // Scripts are often called `run`: what they run decides whether they start anything.
  if (purpose === 'run' && task.runner === 'script' && inBody === 0) return 0;
  // What generates is run, but it is not what one runs.
  if (
    purpose === 'run' &&
    ((readName(task.name)?.purposes.generate ?? 0) >= 0.7 || (body.purposes.generate ?? 0) >= 0.7)
  )
    return 0;
  // `lint` that is nothing but a formatter that writes is how this repository formats.
  if (
    purpose === 'format' &&
    known &&
    body.unknown === 0 &&
    (readName(task.name)?.purposes.lint ?? 0) >= 0.7 &&
    body.readings.every((reading) => (reading.purposes.format ?? 0) >= 0.7 && !reading.checks)
  )
    return Math.max(byName, 0.75);
  if (byName === 0) {
    const others = Object.entries(body.purposes).filter(([other, weight]) => other !== purpose && weight >= 0.7).length;
    return inBody >= 0.7 && others === 0 && body.unknown === 0 ? 0.35 * inBody : 0;
  }
  if (byName < 0.7) {
    if (inBody > 0) return byName * 0.5 + 0.4 * inBody;
    // `check` that runs one unknown program may be believed; a script file or a name with more to it may not.
    const plain = task.runner !== 'script' && nameWords(task.name).length === 1;
    return plain && !known && body.calls.length === 0 ? byName : 0;
  }
  return known && inBody === 0 && body.unknown === 0 ? byName * 0.6 : byName;
}

/** What `rake` runs when nothing is named: most often the tests, with or without the linter. */
export function isDefault({ runner, name }: Task): boolean {
  return runner === 'rake' && name === 'default';
}

function onlyTests({ purposes, unknown }: Body): boolean {
  return unknown === 0 && Object.entries(purposes).every(([purpose, weight]) => purpose === 'test' || weight < 0.7);
}

/** `test-integration` still tests; `install-goyacc` is about that one thing, and `lint:links` lints no code. */
function aboutTheWhole(purpose: Purpose, name: string, special: number): number {
  if (purpose === 'install') return special >= 0.5 ? 0.3 : SETS_UP.test(name) ? 0.4 : 1;
  if (purpose === 'run' || purpose === 'generate') return special >= 1 ? 0.4 : 1;
  return isPart(name) ? 0.6 : testsSomething(name) ? UNKNOWN_PART : 1;
}

/** What it is about is not known: `test-server` may be most of the tests, and where nothing tests the whole it is said. */
const UNKNOWN_PART = 0.5;

/** `dev:setup` sets up more than dependencies. */
const SETS_UP = /[a-z][^a-z]+set-?up$|^set-?up[^a-z]+[a-z]/i;

/** What its own author steers people away from. */
const RETIRED = /\b(?:legacy|deprecated|obsolete|backwards? compatib|prefer (?:using )?`?\w|use .{1,40} instead)/i;

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

function wrongMode(purpose: Purpose, task: Task, body: Body): { wrongMode?: number } {
  const words = nameWords(task.name);
  const own = body.readings.filter((reading) => (reading.purposes[purpose] ?? 0) >= 0.5);
  if (purpose === 'format') {
    if (own.length > 0 && own.every((reading) => reading.checks)) return { wrongMode: 1 };
    if (words.includes('check')) return { wrongMode: 0.8 };
  }
  if (purpose === 'lint' && words.includes('fix')) return { wrongMode: 1 };
  // Whoever calls it `lint` lints with it, though it mends too.
  if (purpose === 'lint' && own.length > 0 && own.every((reading) => reading.fixes)) return { wrongMode: 0.4 };
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
      !reading.rule?.lends &&
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
