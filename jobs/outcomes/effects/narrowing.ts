import { globs } from '../../../codex/globs.ts';
import { prove } from '../../../codex/lint/proof.ts';
import type { Rule } from '../../../codex/rule.ts';
import { isPeripheral } from '../../../facts/changes/places.ts';
import type { Wrong } from './settled.ts';

/** A line as an example in a rule's file. */
export interface GoodLine {
  readonly path: string;
  readonly code: string;
}

/** What wrong findings of a check say of it. */
export interface Narrowing {
  /** Files that it should leave out, and for each a line that it then lets pass. Its own examples prove that it still does its work. */
  readonly notPaths: readonly string[];
  readonly good: readonly GoodLine[];
  /** Lines that it flags all the same, each by itself, for whoever mends it. */
  readonly open: readonly GoodLine[];
}

/** So many lines are tried, and so many shown. */
const MOST_TRIED = 50;
const MOST_SHOWN = 5;
/** So many of them must lie in files of one kind, each in another repository. */
const ENOUGH = 3;

/**
 * A good example that the check flags would break the codex: it is proposed only together with what makes the check let it pass. The one
 * thing that code can say for sure is where a check should not look: in tests, examples, scripts and the like, where people of several
 * repositories called it wrong and nobody mended what it found.
 */
export async function narrowingOf(rule: Rule, { lines, mended }: Wrong): Promise<Narrowing> {
  const flagged = await flaggedAlone(rule, lines);
  const wanted = choose(rule, flagged, lines, mended);
  const good = wanted.map((glob) => asExample(flagged.find(({ path }) => globs([glob])(path))!));
  const holds = wanted.length > 0 && (await isProven(rule, wanted, good));
  const notPaths = holds ? wanted : [];
  const open = flagged.filter(({ path }) => !globs(notPaths)(path)).slice(0, MOST_SHOWN);
  return { notPaths, good: holds ? good : [], open: open.map(asExample) };
}

/** The rule as it would be. */
export function narrowed(rule: Rule, { notPaths, good }: Pick<Narrowing, 'notPaths' | 'good'>): Rule {
  const { appliesTo, examples } = rule;
  const more = good.map(({ path, code }) => ({ files: { [path]: code } }));
  return {
    ...rule,
    appliesTo: { ...appliesTo, notPaths: [...appliesTo.notPaths, ...notPaths] },
    examples: { ...examples, good: [...examples.good, ...more] },
  };
}

function asExample({ path, quote }: Wrong['lines'][number]): GoodLine {
  return { path, code: quote };
}

/** Those that the check finds something in as it is, with nothing around them: others prove nothing. */
async function flaggedAlone(rule: Rule, lines: Wrong['lines']): Promise<Wrong['lines']> {
  const different = [...new Map(lines.map((line) => [JSON.stringify([line.path, line.quote]), line])).values()];
  const tried = different.slice(0, MOST_TRIED);
  const isSecret = rule.check?.kind === 'file-content' && rule.check.secret === true;
  if (tried.length === 0 || isSecret) return [];
  const { check, examples } = await prove(narrowed(rule, { notPaths: [], good: tried.map(asExample) }));
  const own = examples.filter(({ kind }) => kind === 'good').slice(rule.examples.good.length);
  return check?.over === 'files' ? tried.filter((_, at) => (own[at]?.hits?.length ?? 0) > 0) : [];
}

/** Fewest first to say: the kind of files with most of them, then that with most of the rest. */
function choose(
  rule: Rule,
  flagged: Wrong['lines'],
  lines: Wrong['lines'],
  mended: readonly string[],
): readonly string[] {
  const kept = [...mended, ...rule.examples.bad.flatMap(({ files }) => Object.keys(files))];
  const kinds = [...new Set(flagged.flatMap(({ path }) => kindsOf(path)))].sort().flatMap((glob) => {
    const is = globs([glob]);
    return kept.some(is) ? [] : [{ glob, is }];
  });
  const chosen: string[] = [];
  for (let rest = lines; ; ) {
    const counted = kinds.map(({ glob, is }) => {
      const inside = rest.filter(({ path }) => is(path));
      return { glob, is, count: new Set(inside.map(({ key }) => key)).size };
    });
    const [best] = counted.filter(({ count }) => count >= ENOUGH).sort((a, b) => b.count - a.count);
    if (!best) return chosen;
    chosen.push(best.glob);
    rest = rest.filter(({ path }) => !best.is(path));
  }
}

const NAMES = ['**/*.test.*', '**/*.spec.*', '**/*_test.*', '**/*_spec.*', '**/test_*.*', '**/*.stories.*'];
const TOOLS = /^(?:scripts?|tools?|hack)$/i;

/** Files that are beside the product, by a folder or their name. */
function kindsOf(path: string): readonly string[] {
  const folders = path.split('/').slice(0, -1);
  const beside = folders.filter((name) => /^[\w-]+$/.test(name) && (TOOLS.test(name) || isPeripheral(name)));
  return [...beside.map((name) => `**/${name}/**`), ...NAMES.filter((glob) => globs([glob])(path))];
}

/** Whether every bad example is found as before, a good one is still looked at, and each of the new ones is let pass. */
async function isProven(rule: Rule, notPaths: readonly string[], good: readonly GoodLine[]): Promise<boolean> {
  const { examples } = await prove(narrowed(rule, { notPaths, good }));
  const [bad, all] = (['bad', 'good'] as const).map((of) => examples.filter(({ kind }) => kind === of));
  const isFound = bad!.every(({ hits, outside }) => outside === undefined && (hits?.length ?? 0) > 0);
  const passes = all!.every(({ flaw, hits }) => flaw === undefined && hits?.length === 0);
  return bad!.length > 0 && isFound && passes && all!.some(({ outside }) => outside === undefined);
}
