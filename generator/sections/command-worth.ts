import type { Fact } from '../../facts/index.ts';

/** A longer command is no bullet. */
export const MAX_LENGTH = 160;
/** What every toolchain does by itself says nothing, unless something in the repository names it. */
const ONLY_IF_NAMED = new Set(['lint', 'format', 'typecheck', 'generate', 'run']);

/** A formatter that only looks. */
export const LOOKS = /(?:\bcheck|--diff|--dry-run|--verify|-l\b|set-exit-if-changed|\blist-different)/;
/** What fetches dependencies where every other command would fetch them anyway. */
export const NEEDLESS =
  /^(?:go mod download|cargo fetch|swift package resolve|dotnet restore|gleam deps download|(?:\.\/)?rebar3 get-deps)(?: [^&|;]*)?$/;
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
export const LAUNCHER =
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

/** Why a true command is not worth a bullet. */
export function reasonAgainst(answer: Fact, purpose: string, facts: readonly Fact[]): string | undefined {
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
