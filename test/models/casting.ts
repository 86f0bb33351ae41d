import { createHash } from 'node:crypto';
import type { Character, When } from './port.ts';

export interface Casting {
  play(characters: Character | readonly Character[], when?: When): void;
  fail(characters: Character | readonly Character[], when?: When): void;
  /** Who meets this request: a failure that is due, else who plays, else `undefined`. Counts. */
  choose(model: string | undefined, prompt: string): Character | undefined;
  clear(): void;
}

interface Rule {
  readonly characters: readonly Character[];
  readonly when: When;
  left: number;
  /** How often a prompt came, for the lot. */
  readonly seen: Map<string, number>;
}

/** Failures strike in the order in which they were added; of what is played, the last that fits. */
export function casting(seed: number): Casting {
  const failing: Rule[] = [];
  const playing: Rule[] = [];
  return {
    play(characters, when = {}) {
      playing.unshift(ruleOf(characters, when, when.times ?? Infinity));
    },
    fail(characters, when = {}) {
      failing.push(ruleOf(characters, when, when.times ?? (when.share === undefined ? 1 : Infinity)));
    },
    choose(model, prompt) {
      for (const [at, rule] of [...failing, ...playing].entries()) {
        if (rule.left <= 0 || !fits(rule.when, model, prompt)) continue;
        const lot = drawn(rule, `${seed} ${failing.includes(rule) ? at : 'play'} ${model}`, prompt);
        if (lot.share >= (rule.when.share ?? 1)) continue;
        rule.left--;
        return rule.characters[Math.floor(lot.character * rule.characters.length)];
      }
      return undefined;
    },
    clear() {
      failing.length = 0;
      playing.length = 0;
    },
  };
}

function ruleOf(characters: Character | readonly Character[], when: When, left: number): Rule {
  const several = [characters].flat() as readonly Character[];
  if (several.length === 0) throw new TypeError('play and fail want a character, not an empty list');
  return { characters: several, when, left, seen: new Map() };
}

function fits({ model, prompt }: When, asked: string | undefined, told: string): boolean {
  return (model === undefined || model === asked) && (prompt === undefined || carries(told, prompt));
}

/** As it is, or JSON-encoded, which a model reads as well. A pattern with the flag `g` finds the same thing twice. */
export function carries(text: string, pattern: string | RegExp): boolean {
  if (typeof pattern !== 'string') return text.search(pattern) !== -1;
  return text.includes(pattern) || text.includes(JSON.stringify(pattern).slice(1, -1));
}

function drawn(rule: Rule, seed: string, prompt: string): { share: number; character: number } {
  const key = createHash('sha1').update(prompt).digest('base64');
  const times = rule.seen.get(key) ?? 0;
  rule.seen.set(key, times + 1);
  const bytes = createHash('sha1').update(`${seed} ${key} ${times}`).digest();
  return { share: bytes.readUInt32BE(0) / 2 ** 32, character: bytes.readUInt32BE(4) / 2 ** 32 };
}
