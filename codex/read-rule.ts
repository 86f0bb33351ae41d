import { parentDir } from '../facts/path-index.ts';
import { type FrontMatter, FrontMatterError, readFrontMatter } from '../forge/front-matter.ts';
import type { Check } from './checks/check.ts';
import type { CodexProblem } from './codex.ts';
import type { Example, Rule } from './rule.ts';
import { frontMatterSchema, type RuleFrontMatter } from './schema.ts';
import { settingProblems } from './setting-problems.ts';

/** A rule as its file says it, before the ledger of IDs says how often it changed. */
export interface ReadRule {
  readonly rule: Rule;
  /** The whole file. */
  readonly text: string;
  /** The line (from 1) on which the rule's body begins. */
  readonly bodyLine: number;
  /** The line (from 1) of a key of the front matter: `['check', 'rule']`. */
  lineOf(path: readonly PropertyKey[]): number;
}

export type RuleFile = ReadRule | { readonly problems: readonly CodexProblem[] };

/** Reads one rule file. What is wrong with it is told whole, with its lines. Never throws. */
export function readRule(file: string, text: string): RuleFile {
  let front: FrontMatter;
  try {
    front = readFrontMatter(text);
  } catch (error) {
    if (!(error instanceof FrontMatterError)) throw error;
    return { problems: [{ kind: 'front-matter', file, line: error.line, message: error.message }] };
  }
  const checked = frontMatterSchema.safeParse(front.data, { reportInput: true });
  if (!checked.success) {
    return { problems: settingProblems(checked.error.issues, file, front.lineOf) };
  }
  return { rule: toRule(checked.data, file, front.body), text, bodyLine: front.bodyLine, lineOf: front.lineOf };
}

function toRule(data: RuleFrontMatter, file: string, body: string): Rule {
  const { id, title, level, status, check, source } = data;
  const scope = data['applies-to'];
  const example = (given: RuleFrontMatter['examples']['bad'][number]): Example =>
    exampleOf(given, check as Check | undefined);
  return {
    id,
    rev: 1,
    title,
    ...(data.when === undefined ? {} : { when: data.when }),
    level,
    status,
    supersededBy: data['superseded-by'],
    ...(data['deprecated-reason'] === undefined ? {} : { deprecatedReason: data['deprecated-reason'] }),
    appliesTo: {
      languages: scope.languages.map((name) => name.toLowerCase()),
      frameworks: scope.frameworks.map((name) => name.toLowerCase()),
      paths: scope.paths,
      notPaths: scope['not-paths'],
      catalog: scope.catalog,
    },
    ...(source === undefined
      ? {}
      : {
          source: {
            doc: source.doc,
            ...(source.anchor === undefined ? {} : { anchor: source.anchor }),
            ...(source.rev === undefined ? {} : { rev: source.rev }),
            ...(source['quote-hash'] === undefined ? {} : { quoteHash: source['quote-hash'] }),
          },
        }),
    ...(data.owner === undefined ? {} : { owner: data.owner }),
    ...(data.since === undefined ? {} : { since: data.since }),
    ...(check === undefined ? {} : { check: check as Check }),
    ...(data.always === undefined ? {} : { always: data.always }),
    examples: { bad: data.examples.bad.map(example), good: data.examples.good.map(example) },
    body,
    file,
    domain: parentDir(file),
  };
}

function exampleOf(given: RuleFrontMatter['examples']['bad'][number], check: Check | undefined): Example {
  if (typeof given === 'string') return { files: { [exampleName(check)]: given } };
  if ('code' in given) return { files: { [given.path]: given.code } };
  const { files, changed, added } = given;
  return { files, ...(changed === undefined ? {} : { changed }), ...(added === undefined ? {} : { added }) };
}

const ENDINGS: Readonly<Record<string, string>> = {
  typescript: 'ts',
  javascript: 'js',
  python: 'py',
  go: 'go',
  rust: 'rs',
  java: 'java',
  kotlin: 'kt',
  'c#': 'cs',
  csharp: 'cs',
  c: 'c',
  'c++': 'cpp',
  cpp: 'cpp',
  ruby: 'rb',
  php: 'php',
  elixir: 'ex',
  swift: 'swift',
  scala: 'scala',
  bash: 'sh',
  yaml: 'yaml',
  json: 'json',
  html: 'html',
  css: 'css',
  sql: 'sql',
};

/** The file that code without a name stands in: `example.rs`, or the only file that the check looks at. */
function exampleName(check: Check | undefined): string {
  if (check?.kind === 'ast-grep') return `example.${ENDINGS[check.language[0] ?? ''] ?? 'txt'}`;
  const named = check && 'files' in check ? check.files[0] : undefined;
  // `**/Dockerfile` looks at `Dockerfile`.
  return named === undefined
    ? 'example.txt'
    : named
        .replace(/^\*\*\//, '')
        .replace(/\{([^,{}]*)[^{}]*\}/g, '$1')
        .replaceAll('**/', '')
        .replaceAll('*', 'example');
}
