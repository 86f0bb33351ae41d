import { SECRET_SHAPES } from '../../generator/check/secrets/shapes.ts';
import { isShownOnly } from '../../generator/check/secrets/stand-in.ts';

export interface Origin {
  /** Where it was built: no file may name it. */
  readonly folder: string;
  /** Whether there is such a file of the project, by its path in it. */
  readonly isSource: (path: string) => boolean;
}

/**
 * What is wrong with the files of the package as it would be published.
 * @param files Their texts by their paths in the package.
 */
export function packProblems(files: ReadonlyMap<string, string>, { folder, isSource }: Origin): readonly string[] {
  return [
    ...NEEDED.filter((path) => !files.has(path)).map((path) => `${path}: is missing`),
    ...[...files].flatMap(([path, text]) => [
      ...pathProblems(path, isSource),
      ...(text.includes(folder) ? [`${path}: names ${folder}`] : []),
      // Rules say by examples what a secret looks like.
      ...(!path.startsWith(RULES) && holdsSecret(text) ? [`${path}: holds what looks like a secret`] : []),
    ]),
  ];
}

const NEEDED = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/cli/bin.js',
  'dist/reviewer/agents/builtin.json',
  'templates/review/template.yml',
];

const RULES = 'dist/codex/starter/';
const SHIPPED =
  /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|templates\/[\w/-]+\.yml|dist\/[\w./-]+\.(?:js|json|md|yaml))$/;

function pathProblems(path: string, isSource: (path: string) => boolean): readonly string[] {
  // There it is the domain of rules about testing.
  const isOfTests = !path.startsWith(RULES) && /\.test\.|(?:^|\/)(?:testing|fixtures)\//.test(path);
  if (isOfTests) return [`${path}: is of tests`];
  if (!SHIPPED.test(path) || /(?:^|\/)\./.test(path)) return [`${path}: is not to be shipped`];
  const source = path.endsWith('.js') ? path.replace(/^dist\/(.*)\.js$/, '$1.ts') : undefined;
  return source === undefined || isSource(source) ? [] : [`${path}: has no source`];
}

/** Forms that nothing else has: the broader ones, of addresses and names, stand in messages of the program. */
function holdsSecret(text: string): boolean {
  return SECRET_SHAPES.some(({ pattern, prefix }) =>
    [...text.matchAll(pattern)].some(([value]) => !isShownOnly(value, value.replace(prefix, ''))),
  );
}
