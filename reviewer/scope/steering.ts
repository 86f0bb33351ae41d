import { isPnp } from './pnp.ts';
import { partsOf, wordsOf } from './words.ts';

/** What decides who reviews, by what, and who may work on the repository. */
export function isReviewConfiguration(path: string): boolean {
  const { path: plain, folders, name: lower } = plainParts(path);
  if (/^agentsmd\.config\.ya?ml$/.test(lower) || /^\.agentsmd\.ya?ml$/.test(lower)) return true;
  if (folders.includes('.agentsmd')) return true;
  if (/^\.gitlab\/(?:duo|merge_request_templates)\//.test(plain) || /^\.github\/(?:codeql|rulesets)\//.test(plain))
    return true;
  if (REVIEW.has(lower) || /^dangerfile\b/.test(lower)) return true;
  // Lists of holes that are known and no longer reported.
  return (
    /\.(?:xml|json|ya?ml|toml)$/.test(lower) &&
    wordsOf(partsOf(path).name).some((word) => /^(?:suppress(?:ed|ions?)|cves?)$/.test(word))
  );
}

const REVIEW: ReadonlySet<string> = new Set([
  // Attributes decide what of a change is shown.
  ...['codeowners', 'owners', 'owners_aliases', '.gitattributes', '.asf.yaml'],
  ...['.mergify.yml', '.kodiak.toml', '.bulldozer.yml', '.policy.yml', '.pullapprove.yml', '.reviewboardrc'],
  // What scanners overlook.
  ...[
    '.gitleaks.toml',
    '.gitleaksignore',
    '.trivyignore',
    '.trivyignore.yaml',
    '.snyk',
    '.semgrep.yml',
    '.semgrepignore',
  ],
  ...['.secrets.baseline', '.talismanrc', '.bandit', '.nsprc', 'osv-scanner.toml', 'audit-ci.json', 'zizmor.yml'],
  ...[
    'brakeman.ignore',
    '.bundler-audit.yml',
    '.grype.yaml',
    '.sobelow-conf',
    '.sobelow-skips',
    '.checkov.yaml',
    '.kics.yaml',
  ],
]);

/** In lower case: many disks do not tell cases apart, and whoever works there reads `.Claude` as `.claude`. */
function plainParts(path: string) {
  const plain = path.toLowerCase();
  return { path: plain, ...partsOf(plain) };
}

/** What agents read before they work. */
export function isInstructions(path: string): boolean {
  const { path: plain, folders, name } = plainParts(path);
  if (INSTRUCTIONS.has(name)) return true;
  if (/^\.github\/(?:copilot|(?:instructions|agents|prompts|chatmodes|skills|hooks)\/)/.test(plain)) return true;
  if (/(?:^|\/)skills?\/(?:.+\/)?[^/]+\/(?:references|scripts|assets)\//.test(plain)) return true;
  return folders.some((folder) => AGENT_FOLDERS.has(folder));
}

const INSTRUCTIONS: ReadonlySet<string> = new Set([
  ...[
    'agents.md',
    'agents.override.md',
    'agent.md',
    'claude.md',
    'claude.local.md',
    'gemini.md',
    'skill.md',
    'crush.md',
  ],
  ...[
    'conventions.md',
    'warp.md',
    'replit.md',
    '.cursorrules',
    '.windsurfrules',
    '.clinerules',
    '.roorules',
    '.goosehints',
  ],
  ...[
    '.junie',
    '.rules',
    '.aider.conf.yml',
    '.augment-guidelines',
    'opencode.json',
    'opencode.jsonc',
    '.mcp.json',
    'mcp.json',
  ],
  ...['.coderabbit.yaml', '.pr_agent.toml', '.greptile.json', 'greptile.json', '.cursorignore', '.aiignore'],
]);
const AGENT_FOLDERS: ReadonlySet<string> = new Set([
  ...[
    '.claude',
    '.claude-plugin',
    '.cursor',
    '.windsurf',
    '.clinerules',
    '.roo',
    '.opencode',
    '.gemini',
    '.codex',
    '.junie',
  ],
  ...['.kiro', '.agents', '.agent', '.amazonq', '.continue', '.trae', '.augment', '.factory', '.goose', '.qwen'],
]);

/** What runs with the secrets of a pipeline, or on the machines of whoever works on the repository, or brings a release out. */
export function isPipeline(path: string): boolean {
  const { path: plain, folders, name: lower } = plainParts(path);
  if (PIPELINES.has(lower) || /^\.?(?:jenkinsfile|azure-pipelines|cloudbuild|buildspec)\b/.test(lower)) return true;
  if (/^\.(?:travis|drone|woodpecker|vela|cirrus|zuul|semaphore|packit)\./.test(lower)) return true;
  if (/\.gitlab-ci\.ya?ml$/.test(lower) || lower.endsWith('.jenkinsfile')) return true;
  if (
    /^\.github\/(?:workflows|actions|scripts)\//.test(plain) ||
    /^(?:\.gitlab\/(?:ci|security)|jenkins\/)/.test(plain)
  )
    return true;
  if (folders.some((folder) => PIPELINE_FOLDERS.has(folder))) return true;
  if (plain === '.vscode/tasks.json' || JOB_TEMPLATES.test(plain) || isOfYarn(path) || isPnp(path)) return true;
  return isReleaseScript(path, lower);
}

const PIPELINES: ReadonlySet<string> = new Set([
  ...[
    'appveyor.yml',
    '.appveyor.yml',
    'bitbucket-pipelines.yml',
    'codefresh.yml',
    'wercker.yml',
    '.prow.yaml',
    'earthfile',
  ],
  // Bots that bring changes in.
  ...['dependabot.yml', 'dependabot.yaml', 'renovate.json', 'renovate.json5', '.renovaterc', '.renovaterc.json'],
  // What package managers, builds and shells fetch and run before anything else.
  ...['.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', 'pnpmfile.cjs', 'bunfig.toml', 'pip.conf', 'nuget.config', '.envrc'],
  ...['.gitmodules', 'gradle-wrapper.properties', 'maven-wrapper.properties'],
  ...['gradle-wrapper.jar', 'maven-wrapper.jar', 'gradlew', 'gradlew.bat', 'mvnw', 'mvnw.cmd'],
  // What brings a release out.
  ...['.goreleaser.yml', '.goreleaser.yaml', '.releaserc', '.releaserc.json', 'release-please-config.json'],
  // Hooks.
  ...[
    'lefthook.yml',
    'lefthook.yaml',
    '.lefthook.yml',
    '.pre-commit-config.yaml',
    '.pre-commit-hooks.yaml',
    '.overcommit.yml',
  ],
]);
const PIPELINE_FOLDERS: ReadonlySet<string> = new Set([
  ...[
    '.circleci',
    '.buildkite',
    '.woodpecker',
    '.tekton',
    '.semaphore',
    '.azure-pipelines',
    'azure-pipelines',
    '.azuredevops',
  ],
  ...[
    '.teamcity',
    '.ci',
    'ci',
    '.gitlab-ci',
    '.vela',
    '.kokoro',
    '.zuul.d',
    '.builds',
    '.concourse',
    '.harness',
    '.pipelines',
  ],
  ...['.husky', '.githooks', '.gitea', '.forgejo', '.cargo', '.mvn', '.devcontainer'],
]);
/** Azure Pipelines keeps parts of jobs in folders named for what they are. */
const JOB_TEMPLATES =
  /(?:^|\/)(?:templates|pipelines?)\/(?:.+\/)?(?:jobs?|steps?|stages?|variables)\/(?:.+\/)?[^/]+\.ya?ml$/;

/** The program of Yarn itself, and its plugins: they lie where packages do, and each of its commands runs them. */
export function isOfYarn(path: string): boolean {
  return /(?:^|\/)\.yarn\/(?:releases|plugins|sdks)\//i.test(path);
}

/** `scripts/publish.sh`: a script whose name says that it brings something out. */
function isReleaseScript(path: string, lower: string): boolean {
  if (!/\.(?:sh|bash|ps1|bat|cmd)$/.test(lower)) return false;
  return wordsOf(path).some((word) => RELEASES.has(word));
}

const RELEASES: ReadonlySet<string> = new Set([
  ...[
    'release',
    'releases',
    'releasing',
    'publish',
    'publishing',
    'deploy',
    'deployment',
    'sign',
    'codesign',
    'notarize',
  ],
]);
