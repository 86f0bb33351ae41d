import { masked } from '../forge/render/secrets.ts';
import type { Log } from './log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface PinoLogOptions {
  readonly level: LogLevel;
  /** Takes whole lines. Default: stderr. */
  readonly destination?: { write(line: string): unknown };
}

/** How much is logged, from how much the command line says: `--quiet`, neither, `--verbose`. */
export function logLevel(verbosity: 'quiet' | 'normal' | 'verbose'): LogLevel {
  return ({ quiet: 'error', normal: 'info', verbose: 'debug' } as const)[verbosity];
}

/**
 * A line of JSON for each message: `level`, `time` (ISO 8601), `pid`, `hostname`, the fields, `msg`. Secrets are masked, whatever
 * field or text they stand in; characters that would break or repaint a line stand as `\uXXXX`.
 */
export async function pinoLog({ level, destination }: PinoLogOptions): Promise<Log> {
  const { pino } = await import('pino');
  // Not `process.stderr`: what a full pipe did not take yet is lost with a process that ends.
  const sink = destination ?? pino.destination({ dest: 2, sync: true });
  const logger = pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => void sink.write(line.replace(UNSEEN, escaped)) },
  );
  const at =
    (name: Exclude<LogLevel, 'silent'>) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      if (logger.isLevelEnabled(name)) logger[name](cleanFields(fields), cleanText(message));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Names that pino writes itself: a second one would be read instead of the first. */
const TAKEN = new Set(['level', 'time', 'pid', 'hostname', 'msg', '__proto__']);

function cleanFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [TAKEN.has(name) ? `${name}_` : name, clean(value, name, 0)]),
  );
}

/** Fields whose value is a secret whatever it looks like. */
const SECRET =
  /^(?:.*[_-])?(?:authorization|cookie|passwd|password|secret|(?:access|private|job|api|auth|refresh)?[_-]?token|api[_-]?key|private[_-]?key)$/i;
const GONE = '[…]';
const DEEPEST = 6;
const MOST = 100;

function clean(value: unknown, name: string, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
  if (SECRET.test(name)) return GONE;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object') return cleanText(String(value));
  if (depth === DEEPEST) return '…';
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return cleanText(value.href);
  const items = Array.isArray(value) || value instanceof Set ? [...value] : undefined;
  if (items) return items.slice(0, MOST).map((item) => clean(item, '', depth + 1));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries.slice(0, MOST).map(([key, inner]) => [cleanText(String(key)), clean(inner, String(key), depth + 1)]),
  );
}

function cleanError({ name, message, stack, cause, ...rest }: Error, depth: number): Record<string, unknown> {
  return {
    type: cleanText(name),
    message: cleanText(message),
    ...(stack === undefined ? {} : { stack: cleanText(stack) }),
    ...(cause === undefined ? {} : { cause: clean(cause, 'cause', depth + 1) }),
    ...(clean(rest, '', depth + 1) as object),
  };
}

/** Characters of one text. */
const LONGEST = 4000;

function cleanText(text: string): string {
  const whole = masked(text).replace(IN_QUERY, `$<keep>${GONE}`);
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}

/** A parameter of an address that holds a secret, however short. */
const IN_QUERY = /(?<keep>[?&](?:private_token|job_token|access_token|token|password|secret|api_key)=)[^&\s"'#]+/gi;

/** What JSON lets through and a terminal, or who reads the line on one, takes for something else. */
const UNSEEN = /(?!\n$)[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function escaped(found: string): string {
  return Array.from(
    { length: found.length },
    (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
