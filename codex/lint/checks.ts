import type { Check } from '../checks/check.ts';
import type { ReadRule } from '../read-rule.ts';
import { isRetired } from '../rule.ts';
import { scopeOf } from '../scope.ts';
import { refusedExpression } from './files.ts';
import type { Found, Lint } from './lint.ts';
import type { Proof, ProvedExample } from './proof.ts';
import { looksElsewhere } from './scope.ts';
import type { World } from './world.ts';

const refused: Lint = {
  id: 'CDX501',
  name: 'refused-check',
  severity: 'error',
  title: 'A check that can never run.',
  why: 'The rule counts as not checked everywhere.',
  *find(world) {
    for (const { read, proof } of proved(world)) {
      if (proof.refused === undefined || expressionsOf(read.rule.check).some(isRefused)) continue;
      yield at(read, ['check', read.rule.check?.kind === 'ast-grep' ? 'rule' : 'kind'], proof.refused);
    }
  },
};

const expression: Lint = {
  id: 'CDX502',
  name: 'refused-expression',
  severity: 'error',
  title: 'A regular expression that RE2 does not take.',
  why: 'Expressions of a codex run in linear time or not at all: there are no back references and no looking around.',
  *find({ rules }) {
    for (const read of rules) {
      if (isRetired(read.rule)) continue;
      for (const { path, text } of expressionsOf(read.rule.check)) {
        const reason = refusedExpression(text, path.join('.'));
        if (reason !== undefined) yield at(read, ['check', ...path], reason);
      }
    }
  },
};

const notProven: Lint = {
  id: 'CDX503',
  name: 'not-proven-here',
  severity: 'info',
  title: 'A check that cannot run on this machine.',
  why: 'Its examples prove nothing here: a grammar is missing.',
  *find(world) {
    for (const { read, proof } of proved(world))
      if (proof.unavailable !== undefined) yield at(read, ['check'], `not proven here: ${proof.unavailable}`);
  },
};

const unchecked: Lint = {
  id: 'CDX504',
  name: 'no-check-and-no-ask',
  severity: 'warning',
  title: 'A rule in use that neither code checks nor a model is asked about.',
  why: 'Nobody finds out where it is broken.',
  *find({ rules }) {
    for (const read of rules)
      if ((read.rule.status === 'active' || read.rule.status === 'trial') && !read.rule.check)
        yield at(read, ['status'], `${read.rule.id} has no check and no ask: nobody finds out where it is broken`);
  },
};

const prefilter: Lint = {
  id: 'CDX505',
  name: 'wrong-prefilter',
  severity: 'error',
  title: 'A prefilter that a bad example does not hold.',
  why: 'A file without any of its texts is never looked at: the check misses what it is for.',
  *find(world) {
    for (const { read, proof } of proved(world))
      for (const example of proof.examples)
        if (lacksPrefilter(example, read.rule.check))
          yield at(
            read,
            ['check', 'prefilter'],
            `${name(example)} holds none of the texts of the prefilter: ${explicitPrefilter(read.rule.check)?.join(', ')}`,
          );
  },
};

const otherFiles: Lint = {
  id: 'CDX506',
  name: 'finds-outside-of-languages',
  severity: 'error',
  title: 'A bad example in a language that the rule does not apply to.',
  why: 'The check fires on the example and never in a repository.',
  *find(world) {
    for (const { read, proof } of proved(world)) {
      const { languages } = read.rule.appliesTo;
      if (languages.length === 0 || proof.check?.over !== 'files' || looksElsewhere(read.rule)) continue;
      const inScope = scopeOf(read.rule.appliesTo);
      const lost = proof.examples.find(
        ({ kind, hits = [] }) => kind === 'bad' && hits.length > 0 && !hits.some(({ path }) => inScope(path)),
      );
      if (lost)
        yield at(
          read,
          ['applies-to', 'languages'],
          `${name(lost)} fires in ${lost.hits![0]!.path}, which is not ${languages.join(' or ')}: the rule never looks there`,
        );
    }
  },
};

export const CHECK_LINTS: readonly Lint[] = [refused, expression, notProven, unchecked, prefilter, otherFiles];

interface Proved {
  readonly read: ReadRule;
  readonly proof: Proof;
}

/** Every rule that is not a tombstone, with what came of its check. */
export function proved({ rules, proofs }: World): readonly Proved[] {
  return rules.flatMap((read) => (isRetired(read.rule) ? [] : [{ read, proof: proofs.get(read.rule.id)! }]));
}

/** `bad example 1` */
export function name({ kind, index }: Pick<ProvedExample, 'kind' | 'index'>): string {
  return `${kind} example ${index + 1}`;
}

export function at({ rule, lineOf }: ReadRule, path: readonly PropertyKey[], message: string): Found {
  return { file: rule.file, line: lineOf(path), message };
}

/** Whether a bad example is never looked at because of a prefilter that the author wrote. */
export function lacksPrefilter({ kind, flaw, outside, example }: ProvedExample, check: Check | undefined): boolean {
  const literals = explicitPrefilter(check);
  if (kind !== 'bad' || flaw || outside !== undefined || !literals) return false;
  return !Object.values(example.files).some((text) => literals.some((literal) => text.includes(literal)));
}

function explicitPrefilter(check: Check | undefined): readonly string[] | undefined {
  return check && 'prefilter' in check ? check.prefilter : undefined;
}

interface Expression {
  readonly path: readonly string[];
  readonly text: string;
}

/** What RE2 has to read. The expressions within ast-grep's rules are Rust's, which are linear in time as well. */
function expressionsOf(check: Check | undefined): readonly Expression[] {
  const named =
    check?.kind === 'file-content'
      ? { forbid: check.forbid, require: check.require }
      : check?.kind === 'config-value'
        ? { 'expect.matches': check.expect.matches, 'expect.not-matches': check.expect.notMatches }
        : {};
  return Object.entries(named).flatMap(([path, text]) => (text === undefined ? [] : [{ path: path.split('.'), text }]));
}

function isRefused({ text, path }: Expression): boolean {
  return refusedExpression(text, path.join('.')) !== undefined;
}
