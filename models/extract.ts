import type { ZodType } from 'zod';

export type Extracted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly wrong: string };

/** As many problems as one is told about at once. */
const MOST_PROBLEMS = 10;

/**
 * Finds the one value in a text that the schema takes: between fences, with words around it, with commas too many, alone in an array
 * where no array is asked for. It never makes up, completes or picks a value: half of one is none, and two different ones are none.
 */
export function extract<T>(text: string, schema: ZodType<T>): Extracted<T> {
  const body = text.replace(/^\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/i, '').trim();
  if (body === '') return { ok: false, wrong: 'The answer is empty.' };
  const whole = parse(unfenced(body));
  const found = whole ? [whole.value] : valuesIn(body);
  if (found.length === 0) return { ok: false, wrong: 'The answer holds no complete JSON value.' };
  const fitting = new Map<string, T>();
  let wrong: string | undefined;
  for (const value of found) {
    const taken = take(value, schema);
    if (taken.ok) fitting.set(JSON.stringify(value), taken.value);
    else wrong = taken.wrong;
  }
  const [first, ...others] = fitting.values();
  if (fitting.size === 0) return { ok: false, wrong: wrong ?? 'The answer does not fit.' };
  if (others.length > 0) return { ok: false, wrong: 'The answer holds several different values; give exactly one.' };
  return { ok: true, value: first as T };
}

/** A value that is there already, as from a tool call. */
export function take<T>(value: unknown, schema: ZodType<T>): Extracted<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  if (Array.isArray(value) && value.length === 1) {
    const only = schema.safeParse(value[0]);
    if (only.success) return { ok: true, value: only.data };
  }
  const problems = parsed.error.issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => `- ${path.map(String).join('.') || 'the value'}: ${message}`.slice(0, 300));
  return { ok: false, wrong: problems.join('\n') };
}

/** All values of a text that are complete and stand on their own; those within another one do not count. */
function valuesIn(text: string): readonly unknown[] {
  const values: unknown[] = [];
  let at = 0;
  while (at < text.length) {
    const start = nextStart(text, at);
    if (start < 0) break;
    const end = endOf(text, start);
    // Begun and never ended: what stands within it is a part, not the answer.
    if (end < 0) return [];
    const parsed = parse(text.slice(start, end));
    if (parsed) values.push(parsed.value);
    at = end;
  }
  return values;
}

const START = /\{\s*["}]|\[\s*[[{"\d\-tfn\]]/g;

function nextStart(text: string, from: number): number {
  START.lastIndex = from;
  return START.exec(text)?.index ?? -1;
}

/** The place behind the bracket that closes the one at `start`; -1: there is none. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parse(text: string): { readonly value: unknown } | undefined {
  for (const form of [text, withoutTrailingCommas(text)]) {
    try {
      return { value: JSON.parse(form) as unknown };
    } catch {
      // The next form, or none.
    }
  }
  return undefined;
}

/** Outside of strings only. No regular expression: what is read here may be made to keep one busy. */
function withoutTrailingCommas(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let comma = -1;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
      continue;
    }
    if ((char === '}' || char === ']') && comma >= 0) {
      kept.push(text.slice(from, comma));
      from = comma + 1;
    }
    if (!BLANK.has(char)) comma = char === ',' ? at : -1;
    quoted = char === '"';
  }
  return kept.join('') + text.slice(from);
}

const BLANK: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);

const FENCE = '```';

function unfenced(text: string): string {
  if (!text.startsWith(FENCE) || !text.endsWith(FENCE) || text.length < 2 * FENCE.length) return text;
  const inner = text.slice(FENCE.length, -FENCE.length);
  const firstLine = inner.indexOf('\n');
  return firstLine < 0 ? text : inner.slice(firstLine + 1).trim();
}
