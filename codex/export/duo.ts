import { stringify } from 'yaml';
import table from '../../facts/languages/table.json' with { type: 'json' };
import type { Codex } from '../codex.ts';
import type { Rule } from '../rule.ts';
import { languageOf } from '../stack.ts';
import { visibleText } from '../visible-text.ts';

/**
 * Review instructions of GitLab Duo, the file `.gitlab/duo/mr-review-instructions.yaml`: rules that apply to the same files
 * are one group (https://docs.gitlab.com/user/gitlab_duo/customize_duo/review_instructions/). What globs cannot say,
 * frameworks and the catalog, stands in the text.
 */
export function duoInstructions({ manifest, rules }: Codex): string {
  const groups = Map.groupBy(rules.filter(isForReview), (rule) => filtersOf(rule).join('\n'));
  const names = new Set<string>();
  const instructions = [...groups.values()].map((group) => ({
    name: nameOf(group, manifest.title, names),
    fileFilters: filtersOf(group[0]!),
    instructions: `${group.map((rule, at) => `${at + 1}. ${instruction(rule)}`).join('\n')}\n`,
  }));
  const head = `# Rules of ${plain(manifest.title)}, ${WRITTEN_BY}. Cite a rule by its ID.\n`;
  return head + stringify({ instructions }, { lineWidth: 0, blockQuote: 'literal', singleQuote: false });
}

const WRITTEN_BY = 'written by agentsmd codex export --duo';

/** Whether a text is review instructions that {@link duoInstructions} made: its first line says so. */
export function isDuoExport(text: string): boolean {
  const [first = ''] = text.split('\n', 1);
  return first.startsWith('# ') && first.includes(WRITTEN_BY);
}

/** What is in force, and what a model is asked, on trial or not. A review of a change cannot judge a whole repository. */
export function isForReview({ status, check }: Rule): boolean {
  if (check?.kind === 'required-file' || check?.kind === 'dependency-require') return false;
  return status === 'active' || (status === 'trial' && check?.kind === 'model');
}

/** Globs from the root; with `!` what is left out. A path and a language must both hold. */
function filtersOf({ appliesTo: { languages, paths, notPaths } }: Rule): readonly string[] {
  const files = languages.flatMap(globsOf);
  const wanted = paths.length === 0 ? files : paths.flatMap((path) => narrowed(path, languages, files));
  const unwanted = notPaths.flatMap(plainGlobs).map((path) => `!${path}`);
  return [...new Set(wanted.length === 0 ? ['**/*'] : wanted.flatMap(plainGlobs)), ...unwanted];
}

/** The forms that every matcher knows: no braces, and `docs/**\/*` for what lies at any depth below. */
function plainGlobs(glob: string): readonly string[] {
  const open: string[] = [glob];
  const done: string[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (!braces || done.length + open.length >= MOST_GLOBS) {
      done.unshift(next.replace(/(^|\/)\*\*$/, '$1**/*'));
      continue;
    }
    const { index } = braces;
    for (const part of braces[1]!.split(','))
      open.unshift(next.slice(0, index) + part + next.slice(index + braces[0].length));
  }
  return [...new Set(done)].sort();
}

/** Of one glob with braces in it. */
const MOST_GLOBS = 100;

/** `src/**` of Go is `src/**\/*.go`. A glob that names files already stays. */
function narrowed(path: string, languages: readonly string[], files: readonly string[]): readonly string[] {
  if (languages.length === 0 || !/(?:^|\/)\*\*(?:\/\*)?$/.test(path)) return [path];
  const folder = path.replace(/(?:^|\/)\*\*(?:\/\*)?$/, '');
  return files.map((file) => (folder === '' ? file : `${folder}/${file}`));
}

/** The files of a language: those whose ending is used for it before all, `**\/*.go`. */
function globsOf(language: string): readonly string[] {
  if (language === 'dockerfile') return ['**/Dockerfile', '**/Containerfile', '**/*.Dockerfile'];
  const endings =
    COMMON[language] ?? Object.keys(table.extensions).filter((ending) => languageOf(`x${ending}`) === language);
  return endings.map((ending) => `**/*${ending}`);
}

/** Linguist knows many endings that nobody meets. */
const COMMON: Readonly<Record<string, readonly string[]>> = {
  typescript: ['.ts', '.tsx', '.mts', '.cts'],
  javascript: ['.js', '.jsx', '.mjs', '.cjs'],
  python: ['.py', '.pyi'],
  go: ['.go'],
  rust: ['.rs'],
  java: ['.java'],
  kotlin: ['.kt', '.kts'],
  'c#': ['.cs'],
  'c++': ['.cc', '.cpp', '.cxx', '.h', '.hpp'],
  c: ['.c', '.h'],
  ruby: ['.rb'],
  php: ['.php'],
  swift: ['.swift'],
  scala: ['.scala'],
  shell: ['.sh', '.bash'],
};

function instruction(rule: Rule): string {
  const { id, title, level, status, when, check, appliesTo } = rule;
  const { frameworks, catalog } = appliesTo;
  const only = [
    ...(frameworks.length === 0 ? [] : [`where ${frameworks.join(' or ')} is used`]),
    ...Object.entries(catalog).map(([field, values]) => `where the ${field} is ${values.join(' or ')}`),
  ];
  return plain(
    [
      `[${id}] ${level}${status === 'trial' ? ' (on trial: mention it, do not insist)' : ''}: ${title}.`,
      when === undefined ? '' : `When: ${when}.`,
      only.length === 0 ? '' : `Only ${only.join(', ')}.`,
      check?.kind === 'model' ? check.ask : '',
      check?.kind === 'model' && check.doNotFlag ? `Do not flag: ${check.doNotFlag.join('; ')}.` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  );
}

/** After the domain they share, or the files they speak of. */
function nameOf(group: readonly Rule[], title: string, taken: Set<string>): string {
  const domains = [...new Set(group.map(({ domain }) => domain))];
  const { languages } = group[0]!.appliesTo;
  const subject = domains.length <= 3 ? domains.filter((domain) => domain !== '').join(', ') : '';
  const name = plain([title, languages.join(', '), subject].filter((part) => part !== '').join(': ')).slice(0, 100);
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name} (${count})`;
  taken.add(unique);
  return unique;
}

function plain(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, ' ')
    .replace(/\.\.(?= |$)/g, '.')
    .trim();
}
