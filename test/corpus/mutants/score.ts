/** What the two commands said of mutants, against what became false in them. */
import { posix } from 'node:path';
import { table } from '../../../cli/table.ts';
import type { Mutant, Naming } from './claim.ts';

/** What is read of a finding of `check`, or of a stale line of `changes`. */
export interface Said {
  readonly path: string;
  readonly line: number;
  readonly subject: string;
  /** Only of a finding. */
  readonly rule?: string;
  readonly severity?: string;
  readonly message?: string;
  readonly suggestion?: string;
}

export interface Row {
  readonly repo: string;
  readonly mutant: Mutant;
  readonly check: Verdict;
  readonly changes: Verdict;
  /** Nothing is said of its lines where nothing is gone. */
  readonly twinSilent: boolean;
}

interface Verdict {
  readonly missed: readonly Naming[];
  /** What was said of these lines all the same: too quietly, or of something else. */
  readonly instead: readonly Said[];
  /** Of a renamed thing: the new name is in every line that is suggested, or else in the message. */
  readonly successor: 'suggested' | 'mentioned' | 'none';
}

/** Whether every line that a mutant makes false was pointed at. */
export function verdictOf({ claims, successor }: Mutant, said: readonly Said[]): Verdict {
  const namings = claims.map(({ naming }) => naming);
  const of = (naming: Naming): readonly Said[] => said.filter((each) => counts(each) && speaksOf(each, naming));
  // A path from another folder is as good.
  const name = successor === undefined ? undefined : posix.basename(successor);
  const everywhere = (text: (each: Said) => string | undefined): boolean =>
    name !== undefined && namings.every((naming) => of(naming).some((each) => text(each)?.includes(name)));
  const missed = namings.filter((naming) => of(naming).length === 0);
  return {
    missed,
    instead: said.filter((each) => missed.some(({ document, line }) => each.path === document && each.line === line)),
    successor: everywhere(({ suggestion }) => suggestion)
      ? 'suggested'
      : everywhere(({ message, suggestion }) => `${message} ${suggestion}`)
        ? 'mentioned'
        : 'none',
  };
}

/** A stale line, or a finding that what is named is not there; what is only info does not count. */
export function counts({ rule, severity }: Said): boolean {
  return rule === undefined || (/^AMD1\d\d$/.test(rule) && severity !== 'info');
}

export function speaksOf({ path, line, subject }: Said, naming: Naming): boolean {
  const bare = subject.replace(/^\.\//, '').replace(/\/$/, '');
  return (
    path === naming.document &&
    line === naming.line &&
    (naming.subject.endsWith(bare) || subject.includes(naming.subject))
  );
}

/** Every miss in a line of its own, then a table by kind, by change and by repository. */
export function reportOf(rows: readonly Row[]): string {
  const head = [
    '',
    'mutants',
    'caught by check',
    'by changes',
    'twin silent',
    'lines',
    'found by check',
    'by changes',
    'renamed',
    'successor suggested by check',
    'or mentioned',
    'suggested by changes',
  ];
  const parts = (by: (row: Row) => string): string[][] =>
    [...Map.groupBy(rows, by)].map(([label, own]) => part(label, own));
  return [
    ...rows.flatMap(missesOf),
    table([
      head,
      ...parts(({ mutant }) => mutant.kind),
      ...parts(({ mutant }) => mutant.change),
      ...parts(({ repo }) => repo),
      part('all', rows),
    ]),
  ].join('\n');
}

function missesOf({ repo, mutant, twinSilent, ...by }: Row): readonly string[] {
  const { kind, thing, change, successor } = mutant;
  const about = `${repo}: ${kind} ${thing} ${change}${successor === undefined ? '' : ` to ${successor}`}`;
  const lines = twinSilent
    ? []
    : [`not silent before: ${about}: ${mutant.claims.map(({ naming }) => where(naming)).join(', ')}`];
  for (const name of ['check', 'changes'] as const) {
    const { missed, instead, successor: found } = by[name];
    if (missed.length > 0) lines.push(`missed by ${name}: ${about}: ${missed.map(where).join(', ')}`);
    else if (successor !== undefined && found === 'none') lines.push(`no or another successor by ${name}: ${about}`);
    for (const { line, rule, severity, subject, message } of instead)
      lines.push(`    said instead: ${line} ${rule ?? ''} ${severity ?? ''} ${subject}: ${message ?? ''}`);
  }
  return lines;
}

function part(label: string, own: readonly Row[]): string[] {
  const renamed = own.filter(({ mutant }) => mutant.successor !== undefined);
  const lines = own.reduce((sum, { mutant }) => sum + mutant.claims.length, 0);
  const missed = (by: 'check' | 'changes'): number => own.reduce((sum, row) => sum + row[by].missed.length, 0);
  return [
    label,
    String(own.length),
    share(own.filter(({ check }) => check.missed.length === 0).length, own.length),
    share(own.filter(({ changes }) => changes.missed.length === 0).length, own.length),
    share(own.filter(({ twinSilent }) => twinSilent).length, own.length),
    String(lines),
    share(lines - missed('check'), lines),
    share(lines - missed('changes'), lines),
    String(renamed.length),
    share(renamed.filter(({ check }) => check.successor === 'suggested').length, renamed.length),
    share(renamed.filter(({ check }) => check.successor !== 'none').length, renamed.length),
    share(renamed.filter(({ changes }) => changes.successor === 'suggested').length, renamed.length),
  ];
}

/** `18 (0.75)` */
function share(count: number, of: number): string {
  return of === 0 ? '' : `${count} (${(count / of).toFixed(2)})`;
}

export function where({ document, line, subject }: Naming): string {
  return `${document}:${line} ${subject}`;
}
