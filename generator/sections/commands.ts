import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code } from '../markdown.ts';

/** What a person calls each purpose, in the order of a working day. */
const NAMES: readonly (readonly [purpose: string, name: string, worth: number])[] = [
  ['install', 'Install', 90],
  ['build', 'Build', 80],
  ['test', 'Test', 100],
  ['lint', 'Lint', 85],
  ['format', 'Format', 75],
  ['typecheck', 'Typecheck', 78],
  ['generate', 'Generate', 60],
  ['run', 'Run', 55],
];
/** A longer command is no bullet. */
const MAX_LENGTH = 160;
/** What every toolchain does by itself says nothing, unless something in the repository names it. */
const ONLY_IF_NAMED = new Set(['lint', 'format', 'typecheck', 'generate', 'run']);

/** A formatter that only looks. */
const LOOKS = /(?:\bcheck|--diff|--dry-run|--verify|-l\b|set-exit-if-changed|\blist-different)/;
/** Prepares a build folder, and installs nothing. */
const CONFIGURES = /^cmake |^meson setup|\.\/configure\b/;
/** What fetches dependencies where every other command would fetch them anyway. */
const NEEDLESS =
  /^(?:go mod download|cargo fetch|swift package resolve|dotnet restore|gleam deps download|(?:\.\/)?rebar3 get-deps)(?: [^&|;]*)?$/;
/** Prepares a folder of configuration: needed, but not what sets a repository up where something else does. */
const LAST = /^(?:terraform|tofu) (?:\S+ )?init\b/;
/** Tasks that set up more than one tool by itself would: `make deps`, `bin/setup`. */
const SETS_UP = /^(?:\.{0,2}\/|[\w.-]+\/|(?:make|just|task|mise|mage|rake|npm run|pnpm run|yarn run|composer run) )/;

/** Makes what is published of code that runs as it is. */
const PACKAGING =
  /^(?:(?:uv|poetry|pdm|hatch|gem|mix hex\.|ansible-galaxy collection) ?build\b|python3? -m build\b|(?:dotnet|npm|pnpm|yarn) pack\b|cargo package\b|helm (?:template|package)\b)/;
/** `rake build` where nobody defined such a task: Bundler's own makes the gem. */
const GEM_TASK = /^(?:bundle exec )?rake build$/;
/** An image is how the result is shipped, unless there is nothing else to build. */
const IMAGE =
  /^docker(?:-compose| compose| buildx)? (?:build|bake)\b|^(?:make|just|task|mise run) (?:[\w-]+[-:])?(?:docker|images?|devcontainer)(?:[-:][\w-]+)?$/;
/** Console scripts and binary targets, which users start; scripts and tasks of the repository are none. */
const ENTRY_POINT = /^(?:(?:uv|poetry|pdm|hatch|pipenv|rye) run |bazel(?:isk)? run |cargo run --(?:bin|example) )/;
/** What stands in front of a tool. */
const LAUNCHER =
  /^(?:(?:uv|poetry|pdm|hatch|pipenv|rye) run |bundle exec |npx |(?:pnpm|yarn|npm) exec |fvm |python3? -m )+/;
/** Linters of what is beside the code, and the languages, by Linguist's names, whose code that is. */
const ASIDE: ReadonlyMap<string, string | undefined> = new Map([
  ...['actionlint', 'codespell', 'commitlint', 'cspell', 'dotenv-linter', 'editorconfig-checker', 'gitleaks'].map(
    (tool) => [tool, undefined] as const,
  ),
  ...['lychee', 'markdownlint', 'markdownlint-cli2', 'typos', 'zizmor'].map((tool) => [tool, undefined] as const),
  ['hadolint', 'Dockerfile'],
  ['shellcheck', 'Shell'],
  ['yamllint', 'YAML'],
]);
/** Files in which one tool says what others it runs. */
const HOSTS = /(?:^|\/)\.(?:pre-commit-config\.yaml|golangci\.\w+)$/;
/** One module of many. */
const MODULE = / -pl \S/;
/** Checks the code for another machine than the one it is written on. */
const ELSEWHERE = / --target[= ](?:[a-z\d_]+-){2,3}[a-z\d_]+\b/;
/** Where lines of `source: config` are those of pipelines that check nothing. */
const PIPELINE = /\.ya?ml$|(?:^|\/)Jenkinsfile$/;
/** Tasks of a build plugin: a build file applies it, even where no line spells the task. */
const APPLIED =
  /\b(?:spotlessApply|ktlintFormat|spotless:apply|spring-javaformat:apply|formatter:format|fmt:format|scalafmtAll|ktlintCheck|spotlessCheck|detekt|bootRun|quarkusDev)\b/;

/** Without these nobody can work: where the root has none, the folder of the sources gives them. */
const ESSENTIAL = new Set(['build', 'test', 'lint']);

/** The answer of the folder that holds the sources, or lies in them. */
function whereTheSourcesAre(answers: readonly Fact[], facts: readonly Fact[]): Fact | undefined {
  const sources = facts.find(({ key, dir }) => key === 'layout.sources' && dir === '')?.value;
  if (sources === undefined) return undefined;
  return answers.find(({ dir }) => dir === sources || sources.startsWith(`${dir}/`));
}

/** In so many projects side by side a command has to be the same. */
const FEWEST_ALIKE = 3;

/** The answer that most projects of one folder share, where the root has none: that of the first of them. */
function sharedAnswer(answers: readonly Fact[]): Fact | undefined {
  const firsts = answers.filter(({ dir }, i) => dir !== '' && answers.findIndex((other) => other.dir === dir) === i);
  const groups = Map.groupBy(firsts, ({ dir, value }) => `${parentOf(dir)}\0${value}`);
  const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return largest.length < FEWEST_ALIKE ? undefined : largest[0];
}

function parentOf(dir: string): string {
  return dir.slice(0, Math.max(0, dir.lastIndexOf('/')));
}

/** A command that is said, and all that it is for. */
interface Chosen {
  readonly purposes: string[];
  readonly fact: Fact;
  readonly worth: number;
  /** Other projects of the same folder have the same one. */
  readonly shared: boolean;
}

/** Why a true command is not worth a bullet. */
function reasonAgainst(answer: Fact, purpose: string, facts: readonly Fact[]): string | undefined {
  const { value, source, evidence } = answer;
  if (value.length > MAX_LENGTH) return 'too long for a bullet';
  if (NEEDLESS.test(value)) return 'its toolchain does it by itself';
  if (purpose === 'build') {
    if (PACKAGING.test(value) || (source === 'convention' && GEM_TASK.test(value)))
      return 'packages a release: no step of daily work';
    const others = facts.filter(({ key, dir }) => key === answer.key && dir === answer.dir);
    if (
      IMAGE.test(value) &&
      (source === 'config' || source === 'convention' || others.some((other) => !IMAGE.test(other.value)))
    )
      return 'an image is shipped, not worked on';
  }
  // Servers that tests need, and helpers: nobody starts the project to check a change.
  if (purpose === 'run' && source === 'ci') return 'a step of the pipeline, not how the project is started';
  if (purpose === 'lint' && isAside(value, facts)) return 'looks at what is beside the code';
  if (purpose === 'typecheck' && ELSEWHERE.test(value)) return 'checks for another machine';
  if (purpose === 'run' && source === 'config') {
    // A console script of a library starts its command line, not the project.
    if (ENTRY_POINT.test(value)) return 'an entry point, not how the project is started';
    if (MODULE.test(value)) return 'starts a part of the project';
    if (evidence.every(({ path }) => PIPELINE.test(path))) return 'only a pipeline that checks nothing starts it';
  }
  if (
    ONLY_IF_NAMED.has(purpose) &&
    source === 'convention' &&
    !APPLIED.test(value) &&
    !isNamed(answer, purpose, facts)
  ) {
    return 'the default of its toolchain: nothing in the repository names it';
  }
  if (
    purpose !== 'install' &&
    !/^(?:[\w ]+ )?(?:pre-commit|prek) /.test(value) &&
    evidence.every(({ path }) => path.endsWith('.pre-commit-config.yaml'))
  ) {
    return 'only a pre-commit hook brings the tool';
  }
  return undefined;
}

/** A linter of pipelines, prose or secrets, in a repository whose code is something else. */
function isAside(command: string, facts: readonly Fact[]): boolean {
  const tool = command.replace(LAUNCHER, '').split(' ')[0]!;
  if (!ASIDE.has(tool)) return false;
  const languages = facts.filter(({ key }) => key === 'language').map(({ value }) => value);
  return languages.length > 0 && languages[0] !== ASIDE.get(tool);
}

/**
 * A default is the repository's own choice where it lets the same tool look (`mix format --check-formatted`), or
 * configures it as its formatter.
 */
function isNamed({ key, value, dir }: Fact, purpose: string, facts: readonly Fact[]): boolean {
  if (purpose !== 'format') return false;
  const proven = facts.filter((other) => other.dir === dir && other.source !== 'convention');
  const same = proven.filter(
    (other) => (other.key === key || other.key === 'ci.gate.format') && toolOf(other.value) === toolOf(value),
  );
  // Its own form of the same command is the better one.
  if (same.some((other) => other.key === key && !LOOKS.test(other.value))) return false;
  return (
    same.some((other) => LOOKS.test(other.value)) ||
    proven.some(
      ({ key, value: tool, evidence }) =>
        key === 'formatter' && ` ${value} `.includes(` ${tool} `) && !evidence.every(({ path }) => HOSTS.test(path)),
    )
  );
}

/** `vendor/bin/php-cs-fixer fix --dry-run` and `php-cs-fixer fix` are the same tool with the same verb. */
function toolOf(command: string): string {
  const words = command.replace(LAUNCHER, '').split(' ');
  const verb = /^[a-z]+$/.test(words[1] ?? '') ? ` ${words[1]}` : '';
  return `${words[0]!.slice(words[0]!.lastIndexOf('/') + 1)}${verb}`;
}

/** The order of a working day, whenever a command was found. */
function byPurpose(a: Chosen, b: Chosen): number {
  const place = ({ purposes }: Chosen): number => NAMES.findIndex(([purpose]) => purpose === purposes[0]);
  return place(a) - place(b);
}

/**
 * What installs for another of the folder's managers: `npm ci` beside `composer install`. A manager that starts nothing
 * of what is said is tooling, and a task that installs (`bin/setup`) does so for all.
 */
function secondInstall(chosen: readonly Chosen[], facts: readonly Fact[], dir: string): Fact | undefined {
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
function otherRunner(single: string, all: string | undefined): boolean {
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

function lastResortsLast(answers: readonly Fact[]): readonly Fact[] {
  return [...answers.filter(({ value }) => !LAST.test(value)), ...answers.filter(({ value }) => LAST.test(value))];
}

/** Where a tool does by itself what the first answer says, another one counts if it is a task, or brings what that tool needs besides. */
function setsUp({ value, source }: Fact, needless: Fact): boolean {
  if (source === 'task' || source === 'human') return true;
  if (source === 'config') return false;
  return SETS_UP.test(value) || value.split(' ')[0] === needless.value.split(' ')[0];
}

/** Two tools that build the same: whoever reads wants one of them. */
const RIVALS: readonly RegExp[] = [/^(?:\.\/)?gradlew? /, /^(?:\.\/)?mvnw? /];

/** What is the weaker one's where both build and test a folder: the one that is fewer times the first answer. */
function weakerRival(facts: readonly Fact[], dir: string): RegExp | undefined {
  const commands = facts.filter((fact) => fact.dir === dir && fact.key.startsWith('command.'));
  const first = [...new Map(commands.toReversed().map((fact) => [fact.key, fact.value])).values()];
  const counts = RIVALS.map((rival) => ({ rival, count: first.filter((value) => rival.test(value)).length }));
  const all = RIVALS.every((rival) => commands.some(({ key, value }) => key === 'command.test' && rival.test(value)));
  return all ? counts.sort((a, b) => a.count - b.count)[0]!.rival : undefined;
}

/** Where a folder is configured by several tools, that of the build comes first. */
function asBuilt(answers: readonly Fact[], build: Fact | undefined): readonly Fact[] {
  const tool = build?.value.split(' ')[0];
  const same = ({ value }: Fact): boolean => CONFIGURES.test(value) && value.split(' ')[0] === tool;
  return answers[0] && CONFIGURES.test(answers[0].value)
    ? [...answers.filter(same), ...answers.filter((answer) => !same(answer))]
    : answers;
}

/** The commands of a folder: one bullet for each different command, with all that it is for. */
export function commandItems(facts: readonly Fact[], file: string, dir: string): Composed {
  const omitted: Omitted[] = [];
  const chosen = new Map<string, Chosen>();
  const rival = weakerRival(facts, dir);
  for (const [purpose, , worth] of NAMES) {
    const answers = facts.filter((fact) => fact.key === `command.${purpose}`);
    const all = answers.filter((fact) => fact.dir === dir);
    const here =
      purpose === 'install'
        ? asBuilt(
            all,
            facts.find((fact) => fact.key === 'command.build' && fact.dir === dir),
          )
        : all;
    const below = here.length === 0 && dir === '' && ESSENTIAL.has(purpose);
    const shared = below ? sharedAnswer(answers) : undefined;
    const elsewhere = shared ?? (below ? whereTheSourcesAre(answers, facts) : undefined);
    let best: Fact | undefined;
    let needless: Fact | undefined;
    for (const answer of elsewhere ? [elsewhere] : lastResortsLast(here)) {
      const reason =
        reasonAgainst(answer, purpose, facts) ??
        (rival?.test(answer.value) ? 'the same by the other build tool' : undefined) ??
        (needless && !setsUp(answer, needless) ? 'installs something else' : undefined);
      if (reason === undefined) {
        best = answer;
        break;
      }
      omitted.push({ text: `${purpose}: ${answer.value}`, reason, evidence: answer.evidence });
      if (NEEDLESS.test(answer.value)) needless ??= answer;
    }
    if (!best) continue;
    const known = chosen.get(`${best.dir} ${best.value}`);
    if (known) known.purposes.push(purpose);
    else chosen.set(`${best.dir} ${best.value}`, { purposes: [purpose], fact: best, worth, shared: best === shared });
  }
  const second = secondInstall([...chosen.values()], facts, dir);
  if (second) chosen.set(`${dir} ${second.value}`, { purposes: ['install'], fact: second, worth: 89, shared: false });
  const test = [...chosen.values()].find(({ purposes }) => purposes.includes('test'))?.fact;
  const single = facts.find(
    (fact) =>
      fact.key === 'command.test-single' &&
      fact.dir === (test?.dir ?? dir) &&
      fact.value.length <= MAX_LENGTH &&
      !rival?.test(fact.value) &&
      !otherRunner(fact.value, test?.value),
  );
  const items: Item[] = [];
  for (const { purposes, fact, worth, shared } of [...chosen.values()].sort(byPurpose)) {
    const names = NAMES.filter(([purpose]) => purposes.includes(purpose)).map(([, name]) => name);
    const place =
      fact.dir === dir ? '' : ` (in ${shared ? 'the folder of a project, such as ' : ''}${code(`${fact.dir}/`)})`;
    if (/^Format/.test(names[0]!) && LOOKS.test(fact.value)) names[0] = 'Format check';
    if (names[0] === 'Install' && CONFIGURES.test(fact.value)) names[0] = 'Configure';
    const title = names.map((name, i) => (i === 0 ? name : name.toLowerCase())).join(', ');
    const isTest = purposes.includes('test') && single !== undefined && single.value !== fact.value;
    items.push({
      file,
      section: 'Repository',
      key: `command.${purposes[0]}`,
      text: `${title}${place}: ${code(fact.value)}${isTest ? `; a single one: ${code(single.value)}` : ''}`,
      evidence: isTest ? [...fact.evidence, ...single.evidence] : fact.evidence,
      kind: 'command',
      worth,
    });
  }
  if (single && ![...chosen.values()].some(({ purposes }) => purposes.includes('test'))) {
    items.push({
      file,
      section: 'Repository',
      key: single.key,
      text: `Test a single one: ${code(single.value)}`,
      evidence: single.evidence,
      kind: 'command',
      worth: 95,
    });
  }
  return { items, omitted };
}
