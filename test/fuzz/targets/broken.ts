import { writeFileSync } from 'node:fs';
import { type Target, texts } from '../target.ts';
import { CANARY } from '../tokens.ts';

const SEEDS = texts('a: b\nc: [d, e]\n', 'some words, and more words\n');

function breaking(name: string, read: Target['read']): Target {
  return { name, seeds: SEEDS, read };
}

const kept: unknown[] = [];

/** Readers that are wrong, each in a way of its own: what looks for faults has to find them. */
export const broken: readonly Target[] = [
  breaking('throws what it does not declare', (text) => {
    const first = text.split('\0')[1];
    if (text.includes('\0')) return (first as unknown as { a: { b: string } }).a.b;
    return undefined;
  }),
  breaking('has no end of the stack', (text) => {
    const down = (at: number): unknown => (text[at] === '[' ? [at].map(() => down(at + 1)) : at);
    return down(Math.max(0, text.indexOf('[[')));
  }),
  breaking('tries every way of a pattern', (text) => /^(?:[\w ]+,?)+:$/m.test(text.slice(0, 60))),
  breaking('never comes back', (text) => {
    while (text.includes('__proto__'));
  }),
  breaking('takes all the memory', (text) => {
    if (text.includes('&a')) for (;;) kept.push(new Array(1_000_000).fill(text));
  }),
  breaking('keeps everything it read', (text) => {
    kept.push(Array.from({ length: 20_000 }, (_, at) => ({ at, text })));
    if (kept.length > 200) kept.shift();
  }),
  breaking('gives every object a property', (text) => {
    if (text.includes('__proto__')) (Object.prototype as Record<string, unknown>).polluted = 1;
  }),
  breaking('runs what it reads', (text) => {
    if (text.includes(`touch ${CANARY}`)) writeFileSync(CANARY, '');
  }),
  breaking('promises, and nobody listens', (text) => {
    if (text.includes('*a')) void Promise.reject(new Error(text.slice(0, 9)));
  }),
];
