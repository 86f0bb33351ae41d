import { didYouMean } from '../../forge/nearest.ts';
import { FRAMEWORKS, isKnownFramework, REGISTRIES } from '../frameworks.ts';
import type { ReadRule } from '../read-rule.ts';
import { isRetired } from '../rule.ts';
import { knownLanguages, languageOf } from '../stack.ts';
import type { Lint } from './lint.ts';
import type { World } from './world.ts';

const unknownLanguage: Lint = {
  id: 'CDX201',
  name: 'unknown-language',
  severity: 'error',
  title: 'A language that no repository can have.',
  why: 'The rule never applies.',
  *find(world) {
    const known = knownLanguages();
    for (const { rule, lineOf } of current(world)) {
      for (const [at, name] of rule.appliesTo.languages.entries())
        if (!known.has(name))
          yield {
            file: rule.file,
            line: lineOf(['applies-to', 'languages', at]),
            message: `unknown language ${JSON.stringify(name)}${didYouMean(name, known)}`,
          };
    }
  },
};

const unknownFramework: Lint = {
  id: 'CDX202',
  name: 'unknown-framework',
  severity: 'error',
  title: 'A framework that no repository can have.',
  why: 'The rule never applies. What has no name of its own is named by its registry: npm:express.',
  *find(world) {
    const known = Object.keys(FRAMEWORKS);
    for (const { rule, lineOf } of current(world)) {
      for (const [at, name] of rule.appliesTo.frameworks.entries()) {
        if (isKnownFramework(name)) continue;
        const colon = name.indexOf(':');
        const hint = colon > 0 ? `; registries: ${REGISTRIES.join(', ')}` : didYouMean(name, known);
        yield {
          file: rule.file,
          line: lineOf(['applies-to', 'frameworks', at]),
          message: `unknown framework ${JSON.stringify(name)}${hint || '; name it by its registry: npm:name, pypi:name'}`,
        };
      }
    }
  },
};

const impossibleGlob: Lint = {
  id: 'CDX203',
  name: 'impossible-glob',
  severity: 'error',
  title: 'A glob that matches no path of a repository.',
  why: 'Paths are written from the root with "/" between them, without "./": the glob excludes or finds nothing.',
  *find(world) {
    for (const { rule, lineOf } of current(world)) {
      for (const { glob, at } of globsOf(rule)) {
        const reason = impossible(glob);
        if (reason !== undefined)
          yield {
            file: rule.file,
            line: lineOf(at),
            message: `the glob ${JSON.stringify(glob)} matches nothing: ${reason}`,
          };
      }
    }
  },
};

const contradictory: Lint = {
  id: 'CDX204',
  name: 'scope-against-check',
  severity: 'error',
  title: 'A check that looks at files outside of the rule\u2019s languages.',
  why: 'The rule applies to one language and looks for another: it finds nothing.',
  *find(world) {
    for (const { rule, lineOf } of current(world)) {
      const looked = looksElsewhere(rule);
      if (looked)
        yield {
          file: rule.file,
          line: lineOf(['check', rule.check?.kind === 'ast-grep' ? 'language' : 'files']),
          message: `the check looks at ${looked.join(', ')}, the rule applies to ${rule.appliesTo.languages.join(', ')}`,
        };
    }
  },
};

export const SCOPE_LINTS: readonly Lint[] = [unknownLanguage, unknownFramework, impossibleGlob, contradictory];

/** The languages that a check looks at, where none of them is one of the rule's. */
export function looksElsewhere(rule: ReadRule['rule']): readonly string[] | undefined {
  const own = new Set(rule.appliesTo.languages.map(canonical));
  const looked = languagesOfCheck(rule);
  const elsewhere = own.size > 0 && looked.length > 0 && !looked.some((name) => own.has(canonical(name)));
  return elsewhere ? looked : undefined;
}

/** A tombstone says what once was. */
function current({ rules }: World): readonly ReadRule[] {
  return rules.filter(({ rule }) => !isRetired(rule));
}

/** Grammars and Linguist do not agree on every name. */
const SAME: Readonly<Record<string, string>> = { tsx: 'typescript', bash: 'shell' };

function canonical(language: string): string {
  return Object.hasOwn(SAME, language) ? SAME[language]! : language;
}

/** What a check looks at, where every one of its globs tells. */
function languagesOfCheck({ check }: ReadRule['rule']): readonly string[] {
  if (check?.kind === 'ast-grep') return check.language;
  if (check?.kind !== 'file-content' && check?.kind !== 'config-value') return [];
  const languages = check.files.map((glob) => languageOf(glob));
  return languages.includes(undefined) ? [] : [...new Set(languages as string[])];
}

function* globsOf({ appliesTo, check }: ReadRule['rule']): Iterable<{
  readonly glob: string;
  readonly at: readonly PropertyKey[];
}> {
  const lists: [readonly PropertyKey[], readonly string[]][] = [
    [['applies-to', 'paths'], appliesTo.paths],
    [['applies-to', 'not-paths'], appliesTo.notPaths],
  ];
  if (check && 'files' in check) lists.push([['check', 'files'], check.files]);
  if (check?.kind === 'required-file')
    for (const [at, group] of check.groups.entries()) lists.push([['check', 'groups', at], group]);
  if (check?.kind === 'forbidden-edit') lists.push([['check', 'unless-also-changed'], check.unlessAlsoChanged ?? []]);
  for (const [at, globs] of lists) for (const [index, glob] of globs.entries()) yield { glob, at: [...at, index] };
}

const IMPOSSIBLE: readonly (readonly [RegExp, string])[] = [
  [/^\s|\s$|^$/, 'it begins or ends with white space'],
  [/^(?:\/|[A-Za-z]:[\\/]|~)/, 'it is absolute; write it from the root of the repository'],
  [/(?:^|\/)\.{1,2}(?:\/|$)/, 'write it from the root of the repository, without "./" and "../"'],
  // A backslash before a bracket or a star takes its meaning away: `app/\[id\]/page.tsx`.
  [/\\[\w.\-/ ]/, 'write "/" between folders, not "\\"'],
  [/^!/, '"!" means nothing here; use not-paths'],
  [/\/\//, 'it has an empty folder'],
  [/\/$/, 'only files have paths; write folder/** for what is in it'],
];

/** Why a glob matches no path of a repository. */
export function impossible(glob: string): string | undefined {
  const known = IMPOSSIBLE.find(([form]) => form.test(glob))?.[1];
  if (known !== undefined) return known;
  const plain = glob.replace(/\\./g, '');
  for (const [open, close] of ['{}', '[]', '()'] as const)
    if (plain.split(open!).length !== plain.split(close!).length) return `"${open}" and "${close}" do not match up`;
  return undefined;
}
