import { isInUse } from '../match.ts';
import { at, lacksPrefilter, name, proved } from './checks.ts';
import type { Found, Lint } from './lint.ts';
import type { Proof, ProvedExample } from './proof.ts';
import type { World } from './world.ts';

const badIsSilent: Lint = {
  id: 'CDX511',
  name: 'bad-example-is-silent',
  severity: 'error',
  title: 'A bad example in which the check finds nothing.',
  why: 'ast-grep takes a pattern that can never match without a word; only an example shows it.',
  *find(world) {
    for (const { read, proof } of proved(world))
      for (const example of proof.examples)
        if (isSilent(example) && !lacksPrefilter(example, read.rule.check))
          yield at(read, placeOf(example), `${name(example)} does not make the check fire${whySilent(proof, example)}`);
  },
};

const goodFires: Lint = {
  id: 'CDX512',
  name: 'good-example-fires',
  severity: 'error',
  title: 'A good example in which the check finds something.',
  why: 'The check is wider than the rule: people are told off for doing it right.',
  *find(world) {
    for (const { read, proof } of proved(world))
      for (const example of proof.examples) {
        const hit = example.kind === 'good' ? example.hits?.[0] : undefined;
        if (!hit) continue;
        const what = hit.subject === '' ? '' : `: ${hit.subject}`;
        yield at(read, placeOf(example), `${name(example)} makes the check fire at ${hit.path}:${hit.line}${what}`);
      }
  },
};

const noBad: Lint = {
  id: 'CDX513',
  name: 'no-bad-example',
  severity: 'error',
  title: 'A check without a bad example.',
  why: 'Nothing proves that it finds anything.',
  *find(world) {
    yield* without('bad', world);
  },
};

const noGood: Lint = {
  id: 'CDX514',
  name: 'no-good-example',
  severity: 'warning',
  title: 'A check without a good example.',
  why: 'Nothing proves that it lets anything pass, and nobody is shown how to do it right.',
  *find(world) {
    yield* without('good', world);
  },
};

const flawed = (kind: NonNullable<ProvedExample['flaw']>['kind'], about: Omit<Lint, 'find' | 'severity'>): Lint => ({
  ...about,
  severity: 'error',
  *find(world) {
    for (const { read, proof } of proved(world))
      for (const example of proof.examples)
        if (example.flaw?.kind === kind) yield at(read, placeOf(example), `${name(example)}: ${example.flaw.message}`);
  },
});

const outOfScope: Lint = {
  id: 'CDX515',
  name: 'example-out-of-scope',
  severity: 'error',
  title: 'A bad example, or every good one, in files that the rule does not look at.',
  why: 'It proves nothing. That a path is left out is shown by one good example beside others.',
  *find(world) {
    for (const { read, proof } of proved(world)) {
      const good = proof.examples.filter(({ kind }) => kind === 'good');
      const shown = good.some(({ outside }) => outside === undefined);
      for (const example of proof.examples)
        if (example.outside !== undefined && (example.kind === 'bad' || !shown))
          yield at(read, placeOf(example), `${name(example)}: ${example.outside}`);
    }
  },
};

const syntax = flawed('syntax', {
  id: 'CDX516',
  name: 'example-does-not-parse',
  title: 'An example with a mistake in its syntax.',
  why: 'What a check finds in broken code says nothing about real code, and people copy examples.',
});

const impossible = flawed('impossible', {
  id: 'CDX517',
  name: 'impossible-example',
  title: 'An example that can be no repository.',
  why: 'It cannot be run.',
});

export const EXAMPLE_LINTS: readonly Lint[] = [badIsSilent, goodFires, noBad, noGood, outOfScope, syntax, impossible];

function isSilent({ kind, hits, outside }: ProvedExample): boolean {
  return kind === 'bad' && hits?.length === 0 && outside === undefined;
}

function placeOf({ kind, index }: ProvedExample): readonly PropertyKey[] {
  return ['examples', kind, index];
}

/** Of rules in use. A draft may still be without. */
function* without(kind: 'bad' | 'good', world: World): Iterable<Found> {
  for (const { read } of proved(world)) {
    const { rule } = read;
    if (rule.examples[kind].length > 0 || !isInUse(rule) || !rule.check || rule.check.kind === 'model') continue;
    yield at(read, ['check'], `the check has no ${kind} example: nothing proves that it ${PROOF[kind]}`);
  }
}

const PROOF = { bad: 'finds anything', good: 'lets anything pass' } as const;

function whySilent({ check }: Proof, { example }: ProvedExample): string {
  const paths = Object.keys(example.files);
  if (check?.over === 'files' && !paths.some(check.wants))
    return `: it does not look at ${paths.join(', ')}; name a file it looks at ({path, code})`;
  return ': it matches less than it should, or nothing at all';
}
