import type { Fact } from '../../facts/index.ts';
import { LAUNCHER, NEEDLESS } from './command-worth.ts';

/** A command that is said, and all that it is for. */
export interface Chosen {
  readonly purposes: string[];
  readonly fact: Fact;
  readonly worth: number;
  /** Other projects of the same folder have the same one. */
  readonly shared: boolean;
}

/** Prepares a build folder, and installs nothing. */
export const CONFIGURES = /^cmake |^meson setup|\.\/configure\b/;
/** Prepares a folder of configuration: needed, but not what sets a repository up where something else does. */
const LAST = /^(?:terraform|tofu) (?:\S+ )?init\b/;
/** Tasks that set up more than one tool by itself would: `make deps`, `bin/setup`. */
const SETS_UP = /^(?:\.{0,2}\/|[\w.-]+\/|(?:make|just|task|mise|mage|rake|npm run|pnpm run|yarn run|composer run) )/;

/** The answer of the folder that holds the sources, or lies in them. */
export function whereTheSourcesAre(answers: readonly Fact[], facts: readonly Fact[]): Fact | undefined {
  const sources = facts.find(({ key, dir }) => key === 'layout.sources' && dir === '')?.value;
  if (sources === undefined) return undefined;
  return answers.find(({ dir }) => dir === sources || sources.startsWith(`${dir}/`));
}

/** In so many projects side by side a command has to be the same. */
const FEWEST_ALIKE = 3;

/** The answer that most projects of one folder share, where the root has none: that of the first of them. */
export function sharedAnswer(answers: readonly Fact[]): Fact | undefined {
  const firsts = firstOfEach(answers);
  const groups = Map.groupBy(firsts, ({ dir, value }) => `${parentOf(dir)}\0${value}`);
  const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return largest.length < FEWEST_ALIKE ? undefined : largest[0];
}

/** The answer of the folder that holds these projects: `web/` where `web/packages/a/` and the others share theirs. */
export function answerAbove(answers: readonly Fact[], shared: Fact | undefined): Fact | undefined {
  if (!shared) return undefined;
  return firstOfEach(answers).find(({ dir }) => shared.dir.startsWith(`${dir}/`));
}

function firstOfEach(answers: readonly Fact[]): readonly Fact[] {
  return answers.filter(({ dir }, i) => dir !== '' && answers.findIndex((other) => other.dir === dir) === i);
}

function parentOf(dir: string): string {
  return dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
}

/** The one folder where all of this is typed; none where it is typed in each of several projects. */
export function onlyFolder(chosen: readonly Chosen[]): string | undefined {
  const [first, ...others] = chosen;
  if (!first || [first, ...others].some(({ fact, shared }) => shared || fact.dir !== first.fact.dir)) return undefined;
  return first.fact.dir;
}

/**
 * What installs for another of the folder's managers: `npm ci` beside `composer install`. A manager that starts nothing
 * of what is said is tooling, and a task that installs (`bin/setup`) does so for all.
 */
export function secondInstall(chosen: readonly Chosen[], facts: readonly Fact[], dir: string): Fact | undefined {
  const managers = facts.filter((fact) => fact.key === 'package-manager' && fact.dir === dir).slice(0, 3);
  const starts = (command: string, manager: string): boolean =>
    (STARTS.get(manager) ?? [manager]).some((word) => command.startsWith(`${word} `));
  const first = chosen.find(({ purposes }) => purposes.includes('install'))?.fact;
  const own = managers.find(({ value }) => first?.value.startsWith(`${value} `));
  if (!first || !own) return undefined;
  for (const { value: manager } of managers) {
    if (manager === own.value || !chosen.some(({ fact }) => fact !== first && starts(fact.value, manager))) continue;
    const install = facts.find(
      (fact) => fact.key === 'command.install' && fact.dir === dir && fact.value.startsWith(`${manager} `),
    );
    if (install && !NEEDLESS.test(install.value)) return install;
  }
  return undefined;
}

/** What else than its own name stands at the start of commands that a manager's installation brings. */
const STARTS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<readonly string[]>({
    npm: ['npm', 'npx'],
    bundler: ['bundle'],
  }),
);

/** Whether a single test is run by another runner than all of them, or in another build folder: both have to be known. */
export function otherRunner(single: string, all: string | undefined): boolean {
  if (all === undefined) return false;
  const [folder, its] = [all, single].map((command) => /^ctest --test-dir (\S+)/.exec(command)?.[1]);
  if (folder !== undefined && its !== undefined && folder !== its) return true;
  const [one, other] = [runnersOf(single), runnersOf(all)];
  return one.length > 0 && other.length > 0 && !one.some((runner) => other.includes(runner));
}

/** Runners of tests that bring results of their own: what one of them finds, another does not. */
const RUNNERS: readonly (readonly [runner: string, pattern: RegExp])[] = [
  ['bazel', /^bazel(?:isk)? test\b/],
  ['pytest', /^(?:pytest|py\.test)\b/],
  ['unittest', /^unittest\b/],
  ['eunit', /^(?:\.\/)?rebar3\b.*\beunit\b/],
  ['ct', /^(?:\.\/)?rebar3\b.*\bct\b/],
  ['go', /^go test\b/],
  ['cargo', /^cargo (?:nextest|test)\b/],
  ['vitest', /^vitest\b/],
  ['jest', /^jest\b/],
  ['mocha', /^mocha\b/],
  ['rspec', /^(?:bin\/)?rspec\b/],
  ['rails', /^(?:bin\/)?rails test\b/],
];

function runnersOf(command: string): readonly string[] {
  const bare = command.replace(LAUNCHER, '');
  return RUNNERS.flatMap(([runner, pattern]) => (pattern.test(bare) ? [runner] : []));
}

export function lastResortsLast(answers: readonly Fact[]): readonly Fact[] {
  return [...answers.filter(({ value }) => !LAST.test(value)), ...answers.filter(({ value }) => LAST.test(value))];
}

/** Where a tool does by itself what the first answer says, another one counts if it is a task, or brings what that tool needs besides. */
export function setsUp({ value, source }: Fact, needless: Fact): boolean {
  if (source === 'task' || source === 'human') return true;
  if (source === 'config') return false;
  return SETS_UP.test(value) || value.split(' ')[0] === needless.value.split(' ')[0];
}

/** Two tools that build the same: whoever reads wants one of them. */
const RIVALS: readonly RegExp[] = [/^(?:\.\/)?gradlew? /, /^(?:\.\/)?mvnw? /];

/** What is the weaker one's where both build and test a folder: the one that is fewer times the first answer. */
export function weakerRival(facts: readonly Fact[], dir: string): RegExp | undefined {
  const commands = facts.filter((fact) => fact.dir === dir && fact.key.startsWith('command.'));
  const first = [...new Map(commands.toReversed().map((fact) => [fact.key, fact.value])).values()];
  const counts = RIVALS.map((rival) => ({ rival, count: first.filter((value) => rival.test(value)).length }));
  const all = RIVALS.every((rival) => commands.some(({ key, value }) => key === 'command.test' && rival.test(value)));
  return all ? counts.sort((a, b) => a.count - b.count)[0]!.rival : undefined;
}

/** Where a folder is configured by several tools, that of the build comes first. */
export function asBuilt(answers: readonly Fact[], facts: readonly Fact[]): readonly Fact[] {
  const build = facts.find(({ key, dir }) => key === 'command.build' && dir === answers[0]?.dir);
  const tool = build?.value.split(' ')[0];
  const same = ({ value }: Fact): boolean => CONFIGURES.test(value) && value.split(' ')[0] === tool;
  return answers[0] && CONFIGURES.test(answers[0].value)
    ? [...answers.filter(same), ...answers.filter((answer) => !same(answer))]
    : answers;
}
