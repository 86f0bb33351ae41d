import { contentWords } from '../ids-words.ts';
import { MANIFEST_PATH } from '../read-codex.ts';
import type { ReadRule } from '../read-rule.ts';
import type { Example, Rule } from '../rule.ts';
import { scopeOf } from '../scope.ts';
import { name } from './checks.ts';
import { type Crossing, mayMeet } from './crossings.ts';
import type { Lint } from './lint.ts';
import type { Proof } from './proof.ts';
import { rulesInUse, type World } from './world.ts';

const contradiction: Lint = {
  id: 'CDX601',
  name: 'contradiction',
  severity: 'error',
  title: 'Two rules of which one calls good what the other calls bad.',
  why: 'Nobody can keep both.',
  *find(world) {
    const told = new Set<string>();
    for (const { good, bad, index } of sameExamples(world)) {
      if (told.has(pair(good.rule, bad.rule))) continue;
      told.add(pair(good.rule, bad.rule));
      yield {
        file: good.rule.file,
        line: good.lineOf(['examples', 'good', index]),
        message: `good example ${index + 1} is a bad example of ${bad.rule.id} (${bad.rule.title})`,
      };
    }
    for (const { of, proved, by } of mutual(world)) {
      if (told.has(pair(of, by))) continue;
      told.add(pair(of, by));
      yield {
        file: of.file,
        line: lineOf(world, of, ['examples', 'good', proved.index]),
        message: `${name(proved)} breaks ${by.id} (${by.title}), and its good example breaks this rule`,
      };
    }
  },
};

const breaksAnother: Lint = {
  id: 'CDX602',
  name: 'good-example-breaks-a-rule',
  severity: 'warning',
  title: 'A good example that breaks another rule.',
  why: 'People copy good examples; or the other check is too wide.',
  *find(world) {
    const contradicting = new Set([
      ...mutual(world).map(({ of, by }) => pair(of, by)),
      ...[...sameExamples(world)].map(({ good, bad }) => pair(good.rule, bad.rule)),
    ]);
    for (const { of, proved, by, hits } of world.compared.crossings) {
      if (proved.kind !== 'good' || contradicting.has(pair(of, by))) continue;
      yield {
        file: of.file,
        line: lineOf(world, of, ['examples', 'good', proved.index]),
        message: `${name(proved)} breaks ${by.id} (${by.title}): ${hits[0]!.subject}`,
      };
    }
  },
};

const overlap: Lint = {
  id: 'CDX603',
  name: 'overlap',
  severity: 'warning',
  title: 'Two rules that report the same place.',
  why: 'One mistake is reported twice, under two IDs. Narrow one of them, or let one supersede the other.',
  *find(world) {
    const told = new Set<string>();
    for (const { of, proved, by, hits } of world.compared.crossings) {
      const both = hits.find((hit) => proved.hits?.some((own) => placed(own) === placed(hit)));
      if (proved.kind !== 'bad' || !both || told.has(pair(of, by))) continue;
      told.add(pair(of, by));
      yield {
        file: of.file,
        line: lineOf(world, of, ['examples', 'bad', proved.index]),
        message: `${name(proved)} is reported by ${by.id} (${by.title}) at the same place, ${both.path}:${both.line}`,
      };
    }
  },
};

/** Of all words of two titles this part is in both. */
const NEAR = 0.8;

const nearDuplicate: Lint = {
  id: 'CDX604',
  name: 'near-duplicate',
  severity: 'warning',
  title: 'Two rules in use whose titles say the same.',
  why: 'One of them is enough; people cite the other one.',
  *find(world) {
    const earlier = new Map<string, { readonly read: ReadRule; readonly words: ReadonlySet<string> }[]>();
    for (const read of rulesInUse(world)) {
      const words = new Set(contentWords(read.rule.title));
      const near = [...new Set([...words].flatMap((word) => earlier.get(word) ?? []))].find(
        (other) => similarity(words, other.words) >= NEAR && mayMeet(read.rule, other.read.rule),
      );
      if (near)
        yield {
          file: read.rule.file,
          line: read.lineOf(['title']),
          message: `says what ${near.read.rule.id} says: ${JSON.stringify(near.read.rule.title)}`,
        };
      const entry = { read, words };
      for (const word of words) earlier.set(word, [...(earlier.get(word) ?? []), entry]);
    }
  },
};

const notCompared: Lint = {
  id: 'CDX605',
  name: 'not-compared',
  severity: 'info',
  title: 'More rules than can be compared by their examples.',
  why: 'Contradictions and overlaps among the rest are not found.',
  *find({ compared: { left } }) {
    if (left > 0)
      yield {
        file: MANIFEST_PATH,
        line: 1,
        message: `${left} examples were not shown to other rules\u2019 checks: too many; checks with a prefilter are compared first`,
      };
  },
};

export const BETWEEN_LINTS: readonly Lint[] = [contradiction, breaksAnother, overlap, nearDuplicate, notCompared];

function lineOf({ byId }: World, { id }: Rule, path: readonly PropertyKey[]): number {
  return byId.get(id)!.lineOf(path);
}

function pair(a: Rule, b: Rule): string {
  return [a.id, b.id].sort().join(' ');
}

function placed({ path, line, column, endLine, endColumn }: Crossing['hits'][number]): string {
  return [path, line, column, endLine, endColumn].join(':');
}

/** Crossings over good examples that go both ways: each rule forbids how the other one is kept. */
function mutual({ compared }: World): readonly Crossing[] {
  const good = compared.crossings.filter(({ proved }) => proved.kind === 'good');
  const ways = new Set(good.map(({ of, by }) => `${of.id} ${by.id}`));
  return good.filter(({ of, by }) => ways.has(`${by.id} ${of.id}`));
}

interface SameExample {
  readonly good: ReadRule;
  readonly bad: ReadRule;
  /** Of the good example. */
  readonly index: number;
}

/** Good examples that are, but for white space, the bad example of a rule that can hold beside theirs. */
function* sameExamples(world: World): Iterable<SameExample> {
  const bads = new Map<string, ReadRule[]>();
  const rules = rulesInUse(world);
  for (const read of rules)
    for (const [index, example] of read.rule.examples.bad.entries()) {
      if (!blames(world.proofs.get(read.rule.id)!, index)) continue;
      const key = textOf(example);
      bads.set(key, [...(bads.get(key) ?? []), read]);
    }
  for (const good of rules)
    for (const [index, example] of good.rule.examples.good.entries())
      for (const bad of bads.get(textOf(example)) ?? [])
        if (bad !== good && mayMeet(good.rule, bad.rule) && looksAt(bad.rule, example)) yield { good, bad, index };
}

/**
 * Whether something that stands in the bad example is bad: where code checks it, it points at something. An example that only
 * lacks what one rule asks for can be good for another.
 */
function blames({ check, examples }: Proof, index: number): boolean {
  if (!check) return true;
  const proved = examples.find((example) => example.kind === 'bad' && example.index === index);
  return proved?.hits?.some(({ subject }) => subject !== '') ?? false;
}

function textOf({ files, changed }: Example): string {
  const texts = Object.values(files).map((text) => text.replace(/\s+/g, ' ').trim());
  return JSON.stringify([texts.sort(), changed]);
}

/** Whether the files are within a rule's paths. */
function looksAt(rule: Rule, { files }: Example): boolean {
  return Object.keys(files).some(scopeOf({ ...rule.appliesTo, languages: [] }));
}

function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared / (a.size + b.size - shared);
}
