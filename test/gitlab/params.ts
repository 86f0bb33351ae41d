import { ApiError, invalid } from './errors.ts';

/** The parameters of one request, of its query and its body alike; the body wins. */
export class Params {
  readonly all: Readonly<Record<string, unknown>>;

  constructor(all: Readonly<Record<string, unknown>>) {
    this.all = all;
  }

  has(name: string): boolean {
    return this.all[name] !== undefined && this.all[name] !== null;
  }

  /** '' counts as given. */
  text(name: string): string | undefined {
    const value = this.all[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') throw invalid(`${name} is invalid`);
    return String(value);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalid(`${name} is missing`);
    if (value === '') throw invalid(`${name} is empty`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    if (/^(true|t|1|yes|on)$/i.test(value)) return true;
    if (/^(false|f|0|no|off)$/i.test(value)) return false;
    throw invalid(`${name} is invalid`);
  }

  whole(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    if (!/^-?\d+$/.test(value)) throw invalid(`${name} is invalid`);
    return Number(value);
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!values.includes(value as T)) throw invalid(`${name} does not have a valid value`);
    return value as T;
  }

  /** `name[]=a&name[]=b`, a JSON array, or `a,b`. */
  list(name: string): readonly string[] | undefined {
    const value = this.all[name];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value.map(String);
    return value === '' ? [] : String(value).split(',');
  }

  /** ISO 8601, as ms since 1970. */
  time(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === '') return undefined;
    const time = Date.parse(value);
    if (Number.isNaN(time)) throw invalid(`${name} is invalid`);
    return time;
  }
}

/** Reads what a body holds: JSON, a form or a multipart form. `undefined` for none. */
export async function readBody(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  if (/^application\/(.*\+)?json\b/.test(contentType)) {
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      throw new ApiError(400, { error: 'The request body is not valid JSON' });
    }
  }
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return nested(new URLSearchParams(new TextDecoder().decode(bytes)));
  }
  if (contentType.startsWith('multipart/form-data')) {
    const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
    return nested([...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  }
  throw new ApiError(415, { error: `The provided content-type '${contentType}' is not supported.` });
}

/** `a[]=1` is an array, `a[b]=1` an object. */
export function nested(pairs: Iterable<readonly [string, string]>): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [name, value] of pairs) {
    const [, first = name, rest = ''] = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(name) ?? [];
    const keys = [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map((key) => key[1] ?? '')];
    put(all, keys, value);
  }
  return all;
}

function put(into: Record<string, unknown>, keys: readonly string[], value: string): void {
  const [key = '', next, ...others] = keys;
  if (next === undefined) into[key] = value;
  else if (next === '') into[key] = [...((into[key] as unknown[] | undefined) ?? []), value];
  else {
    const inner = into[key];
    const object = inner && typeof inner === 'object' ? (inner as Record<string, unknown>) : {};
    into[key] = object;
    put(object, [next, ...others], value);
  }
}
