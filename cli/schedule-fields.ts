import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Of the least value and those after it. */
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 7, names: WEEKDAYS },
];

/**
 * The five fields of a cron expression, each looked at, with one blank between them.
 *
 * @throws {UsageError} naming the field that is wrong, and what may stand there.
 */
export function cronFields(text: string): string {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length || fields[0] === '')
    throw new UsageError(
      `${JSON.stringify(printableLine(text))}: ${FIELDS.length} fields are needed, as one argument in quotes: "0 3 * * mon-fri" (minute, hour, day of the month, month, day of the week)`,
    );
  for (const [at, field] of FIELDS.entries()) {
    const problem = problemOf(fields[at]!, field);
    if (problem === undefined) continue;
    const [shown, whole] = [fields[at]!, text].map((each) => JSON.stringify(printableLine(each)));
    throw new UsageError(`${whole}: field ${at + 1}, ${field.name}: ${shown} ${problem}`);
  }
  if (!comes(fields[2]!, fields[3]!, fields[4]!))
    throw new UsageError(
      `${JSON.stringify(fields.join(' '))}: field 3, day of the month: no month of field 4 has such a day`,
    );
  return fields.join(' ');
}

/** Whether one of the days is in one of the months: a day of the week comes in any. */
function comes(days: string, months: string, weekdays: string): boolean {
  if (weekdays !== '*') return true;
  const longest = Math.max(...valuesOf(months, FIELDS[3]!).map((month) => LENGTHS[month - 1]!));
  return Math.min(...valuesOf(days, FIELDS[2]!)) <= longest;
}

const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Of a field without a mistake. */
function valuesOf(text: string, field: Field): readonly number[] {
  return text
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [range = '', step] = part.split('/');
      const [first = '', last] = range.split('-');
      const from = valueIn(first, field) ?? field.least;
      const to = (last === undefined ? undefined : valueIn(last, field)) ?? (first === '*' || step ? field.most : from);
      const by = Number(step ?? 1);
      return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, at) => from + at * by);
    });
}

function problemOf(text: string, field: Field): string | undefined {
  const allowed = `${field.least} to ${field.most}${field.names ? ` or ${field.names[0]} to ${field.names.at(-1)}` : ''}`;
  for (const part of text.toLowerCase().split(',')) {
    const [, from, to, step] = /^(\*|[a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    if (from === undefined) return `is no value, list, range or step: *, 5, 1,15, 1-5, */10 (${allowed})`;
    if (from === '*' && to !== undefined) return `is a range of everything: write * alone (${allowed})`;
    const [first, last] = [valueIn(from, field), to === undefined ? undefined : valueIn(to, field)];
    if (first === null || last === null) return `is out of range: ${allowed}`;
    if (first !== undefined && last !== undefined && last < first) return 'is a range that ends before it begins';
    if (step !== undefined && Number(step) === 0) return 'is a step of 0';
    if (Number(step) > field.most) return `is a step that leaves the field: ${allowed}`;
  }
  return undefined;
}

/** `undefined` for everything, `null` for what is not in the field. */
function valueIn(text: string, { least, most, names = [] }: Field): number | undefined | null {
  if (text === '*') return undefined;
  const named = names.indexOf(text);
  if (named >= 0) return named + least;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}
