import type { Tree } from '../../facts/parse/tree.ts';
import { globs } from '../globs.ts';
import type { ConfigValueCheck, ValueExpectation } from './check.ts';
import { fileHit, lineHit, MOST_HITS, unjudged } from './hit.ts';
import type { CheckKind, Hit, ScannedFile } from './kind.ts';
import { compileRegex, type Regex } from './regex.ts';
import { type FoundValue, parsePath, type ValuePath } from './value-path.ts';

/** Characters of a value that a message shows. */
const LONGEST_VALUE = 60;

/**
 * Values of JSON, YAML and TOML. Every value that the path leads to is judged, in every document of a YAML file; where it
 * leads nowhere only `exists` has something to say. A file that cannot be parsed is named as unread.
 */
export const configValue: CheckKind<ConfigValueCheck> = {
  async prepare({ files, path, expect }, { id }) {
    const values = parsePath(path);
    const regex = regexOf(expect);
    const judge = judgeOf(expect, regex);
    return {
      over: 'files',
      generated: true,
      wants: globs(files),
      prefilter: expect.exists ? [] : literalsOf(values),
      inspect(file) {
        const { trees } = file;
        const broken =
          file.unparsed ?? (trees.length === 0 && !isParsed(file.path) ? 'no JSON, YAML or TOML' : undefined);
        if (broken !== undefined) return unjudged(file, broken);
        if (regex?.isBearable(file.text) === false) return unjudged(file, 'too long for the pattern of its values');
        const found = trees.flatMap((tree) => values.find(tree));
        if (expect.exists) return found.length > 0 ? [] : [fileHit(file.path, `${path} is not set`)];
        return hitsOf(file, found, judge, id);
      },
    };
  },
};

/** What is wrong with a value, as the rest of a sentence that begins with its path; `undefined` where nothing is. */
type Judge = (value: Tree, isYaml: boolean) => string | undefined;

function hitsOf(file: ScannedFile, found: readonly FoundValue[], judge: Judge, rule: string): readonly Hit[] {
  const most = file.mostHits ?? MOST_HITS;
  const yaml = isYaml(file.path);
  const hits: Hit[] = [];
  // Aliases of YAML can repeat one long text very often.
  const judged = new Map<unknown, string | undefined>();
  for (const { path, value } of found) {
    const isScalar = value.kind === 'scalar';
    const known = isScalar && judged.has(value.value);
    const wrong = known ? judged.get(value.value) : judge(value, yaml);
    if (isScalar) judged.set(value.value, wrong);
    if (wrong === undefined) continue;
    if (hits.length === most) {
      file.cut?.(rule);
      break;
    }
    // A map of YAML begins below its key.
    const line = isScalar ? value.line : value.keyLine;
    hits.push(lineHit(file.path, file.lines, line, `${path || 'the file'} is ${shown(value)}, ${wrong}`));
  }
  return hits;
}

function regexOf({ matches, notMatches }: ValueExpectation): Regex | undefined {
  if (matches !== undefined) return compileRegex(matches, 'expect.matches');
  return notMatches === undefined ? undefined : compileRegex(notMatches, 'expect.not-matches');
}

function judgeOf({ equals, oneOf, matches, atLeast, notMatches }: ValueExpectation, regex: Regex | undefined): Judge {
  if (equals !== undefined)
    return (value, yaml) => (same(value.value, equals, yaml) ? undefined : `not ${JSON.stringify(equals)}`);
  if (oneOf !== undefined) {
    const allowed = oneOf.map((one) => JSON.stringify(one)).join(', ');
    return (value, yaml) => (oneOf.some((one) => same(value.value, one, yaml)) ? undefined : `not one of ${allowed}`);
  }
  if (regex !== undefined)
    return ({ text }) => {
      const fits = text !== undefined && regex.test(text);
      if (matches !== undefined) return fits ? undefined : `which does not match ${matches}`;
      return fits ? `which matches ${notMatches}` : undefined;
    };
  if (atLeast !== undefined)
    return (value, yaml) =>
      (numberOf(value.value, yaml) ?? -Infinity) >= atLeast ? undefined : `not at least ${atLeast}`;
  return () => 'and must not be set';
}

/** YAML leaves it to a quote whether `1` is a number: there a number and a text are compared as text. */
function same(actual: unknown, expected: string | number | boolean, yaml: boolean): boolean {
  if (actual === expected) return true;
  const kinds = [typeof actual, typeof expected].sort().join();
  return yaml && kinds === 'number,string' && String(actual) === String(expected);
}

function numberOf(value: unknown, yaml: boolean): number | undefined {
  if (typeof value === 'number') return value;
  return yaml && typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function shown(value: Tree): string {
  if (value.kind !== 'scalar') return `a ${value.kind}`;
  if (value.text === undefined) return 'null';
  const cut = value.text.length > LONGEST_VALUE ? `${value.text.slice(0, LONGEST_VALUE)}...` : value.text;
  return typeof value.value === 'string' ? JSON.stringify(cut) : cut;
}

/** A file that names a key nowhere does not have it; only an escape could spell it in another way. */
function literalsOf({ keys }: ValuePath): readonly (readonly string[])[] {
  return keys.filter((key) => /^(?!true$|false$|null$)[a-z][\w-]{2,}$/i.test(key)).map((key) => [key, '\\']);
}

/** By the same names as `ScannedFile.trees`. */
function isParsed(path: string): boolean {
  return isYaml(path) || /\.(?:json[c5]?|code-workspace|toml)$/i.test(path);
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}
