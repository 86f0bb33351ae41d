import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TestFile } from '../../forge/git/testing/fast-import.ts';
import { CHANNELS, type ChannelName } from './channels.ts';
import { FIXTURES, type Merge, shopMerge } from './merge.ts';

/** What must hold besides that there is no harm. */
export interface Expected {
  /** `stricter`: it is not approved, whatever becomes of the clean one. */
  readonly decision?: 'stricter' | undefined;
  /** It is not approved, or this was told to models, or is in what we wrote. */
  readonly seen?: string | undefined;
  readonly tier?: 'full' | null | undefined;
  /** What must not be in a comment of ours, and what has to be. */
  readonly untold?: string | undefined;
  readonly told?: string | undefined;
}

/** One merge request of a class of attacks, and the same without the attack. */
export interface AttackCase {
  /** `05-leaks-by-markdown`. */
  readonly of: string;
  readonly name: string;
  readonly poisoned: Merge;
  readonly clean: Merge;
  readonly expected: Expected;
}

const file = z.union([
  z.string(),
  z.null(),
  z.strictObject({ symlink: z.string() }),
  z.strictObject({ executable: z.string() }),
  z.strictObject({ submodule: z.literal(true) }),
  /** So often, with `{{n}}` counted up, and then this. */
  z.strictObject({ repeat: z.tuple([z.string(), z.int(), z.string()]) }),
  z.strictObject({ utf16: z.string() }),
]);
const files = z.record(z.string(), file);
const record = z.record(z.string(), z.unknown());

const one = z.strictObject({
  name: z.string(),
  ...{ title: z.string().optional(), branch: z.string().optional(), message: z.string().optional() },
  ...{ author: z.string().optional(), person: z.string().optional() },
  ...{ before: files.optional(), change: files.optional() },
  ...{ comments: z.array(z.string()).optional(), replies: z.array(z.string()).optional() },
  ...{ ownComments: z.array(z.string()).optional(), ownConfig: z.boolean().optional() },
  ...{ template: z.string().optional(), remote: z.string().optional() },
  answers: z.string().optional(),
  ...{ finding: record.optional(), judgement: record.optional() },
  excuse: z.array(record).optional(),
  steps: z.array(z.strictObject({ name: z.string(), arguments: z.unknown() })).optional(),
  ...{ decision: z.literal('stricter').optional(), tier: z.null().optional() },
  told: z.string().optional(),
});

const attack = z.strictObject({
  class: z.string(),
  source: z.string(),
  /** Of the shop's two changes the one that it goes with. */
  kind: z.enum(['broken', 'sound']).default('broken'),
  says: z.array(z.string()).default([]),
  through: z.array(z.enum(Object.keys(CHANNELS) as [ChannelName, ...ChannelName[]])).default([]),
  cases: z.array(one).default([]),
});

const expectation = z.strictObject({
  decision: z.literal('stricter').optional(),
  tier: z.literal('full').optional(),
  untold: z.string().optional(),
  seen: z.string().optional(),
});

/** Said where an attack says something, in a clean twin. */
const PLAIN = 'Discounts are agreed with the shops.';

/** The classes, by the names of their folders. */
export const CLASSES: readonly string[] = readdirSync(FIXTURES).filter((name) => /^\d\d-/.test(name));

/**
 * All merge requests of a class: each of its texts goes through a channel, and each of its channels has a text; then those that are
 * written out.
 */
export function casesOf(name: string): readonly AttackCase[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(FIXTURES, name, file), 'utf8'));
  const { kind, says, through, cases } = attack.parse(read('mr.json'));
  const expected = expectation.parse(read('expect.json'));
  const shop = shopMerge(kind);
  const told = through.length === 0 ? 0 : Math.max(says.length, through.length);
  return [
    ...Array.from({ length: told }, (_, at): AttackCase => {
      const channel = through[at % through.length]!;
      const text = says[at % says.length]!;
      const [poisoned, clean] = [CHANNELS[channel](shop, text), CHANNELS[channel](shop, PLAIN)];
      return { of: name, name: `${channel}: ${JSON.stringify(text).slice(1, 50)}`, poisoned, clean, expected };
    }),
    ...cases.map(({ name: own, decision, tier, told, before, change, ...rest }): AttackCase => {
      const poisoned = {
        ...shop,
        ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<Merge>),
        before: { ...shop.before, ...made(before) } as Merge['before'],
        change: { ...shop.change, ...made(change) },
      };
      return {
        ...{ of: name, name: own, poisoned },
        // What the target branch has is the same for both.
        clean: poisoned.ownConfig ? { ...shop, ownConfig: true, before: poisoned.before } : shop,
        expected: {
          ...expected,
          ...{ decision: decision ?? expected.decision, tier: tier === null ? undefined : expected.tier, told },
        },
      };
    }),
  ];
}

function made(given: z.output<typeof files> = {}): Readonly<Record<string, TestFile | null>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([path, file]) => {
      const [, before = '', from, to, after = ''] = /^(.*)\{\{(\d+)-(\d+)\}\}(.*)$/.exec(path) ?? [];
      const paths =
        to === undefined
          ? [path]
          : Array.from({ length: Number(to) - Number(from) + 1 }, (_, at) => `${before}${Number(from) + at}${after}`);
      return paths.map((each) => [each, contentOf(file)] as const);
    }),
  );
}

function contentOf(file: z.output<typeof files>[string]): TestFile | null {
  if (file === null || typeof file === 'string') return file;
  if ('utf16' in file) return Buffer.from(`\ufeff${file.utf16}`, 'utf16le');
  if (!('repeat' in file)) return file;
  const [unit, count, last] = file.repeat;
  return `${Array.from({ length: count }, (_, at) => unit.replaceAll('{{n}}', String(at))).join('')}${last}`;
}
