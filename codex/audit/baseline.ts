import * as z from 'zod';
import { LEVELS, STATUSES } from '../rule.ts';
import { type Audit, isBreach, type RuleAudit, VERDICTS } from './verdict.ts';

export const AUDIT_SCHEMA = 'agentsmd/codex-audit/1';

/** In characters; a fleet's largest audit has a hundredth of it. */
const LONGEST = 64 << 20;

const baseline = z.object({
  schema: z.literal(AUDIT_SCHEMA, `no audit: its "schema" must be "${AUDIT_SCHEMA}"`),
  repository: z.string(),
  commit: z.string().nullable(),
  rules: z.array(
    z.object({
      rule: z.string(),
      rev: z.int(),
      level: z.enum(LEVELS),
      status: z.enum(STATUSES),
      verdict: z.enum(VERDICTS),
    }),
  ),
});
/** What an earlier audit said. */
export type Baseline = z.output<typeof baseline>;

/** A file that is no audit. Exit code 2. */
class BaselineError extends Error {
  override readonly name = 'BaselineError';
  readonly exitCode = 2;
}

/** @param name of the file, for messages. @throws {BaselineError} */
export function readBaseline(text: string, name: string): Baseline {
  if (text.length > LONGEST) throw new BaselineError(`${name}: too long for an audit`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BaselineError(`${name}: no JSON; codex audit --json writes one`);
  }
  const read = baseline.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BaselineError(
    `${name}: ${issue?.path.join('.') || 'audit'}: ${issue?.message}; codex audit --json writes one`,
  );
}

/**
 * - `newly-broken`: it is a breach now and was none. `fixed`: it was broken, and is not. `lost`: it was judged, and is not checked now.
 * - `new`: the rule was not there. `revised`: it means something else now. `gone`: it is not there any more.
 * - `other`: another verdict.
 */
export const CHANGE_KINDS = ['newly-broken', 'fixed', 'lost', 'other', 'revised', 'new', 'gone'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface AuditChange {
  readonly kind: ChangeKind;
  readonly rule: string;
  /** As `verdict@rev`; absent where the rule was not there, or is not any more. */
  readonly before?: string;
  readonly after?: string;
}

/** What is not as an earlier audit said, in the order of the kinds. A rule may be new or revised and broken besides. */
export function changesSince({ rules }: Audit, earlier: Baseline): readonly AuditChange[] {
  const before = new Map(earlier.rules.map((rule) => [rule.rule, rule]));
  const now = new Set(rules.map(({ rule }) => rule));
  const changes = rules.flatMap((rule): readonly AuditChange[] => {
    const was = before.get(rule.rule);
    const told = { rule: rule.rule, ...(was ? { before: said(was) } : {}), after: said(rule) };
    return kindsOf(rule, was).map((kind) => ({ kind, ...told }));
  });
  const gone = earlier.rules.flatMap((was): readonly AuditChange[] =>
    now.has(was.rule) ? [] : [{ kind: 'gone', rule: was.rule, before: said(was) }],
  );
  return [...changes, ...gone].sort((a, b) => CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind));
}

type Was = Baseline['rules'][number];

function kindsOf(rule: RuleAudit, was: Was | undefined): readonly ChangeKind[] {
  const broken: readonly ChangeKind[] = isBreach(rule) && !(was && isBreach(was)) ? ['newly-broken'] : [];
  if (!was) return [...broken, 'new'];
  const revised: readonly ChangeKind[] = was.rev === rule.rev && was.level === rule.level ? [] : ['revised'];
  if (broken.length > 0 || was.verdict === rule.verdict) return [...broken, ...revised];
  if (rule.verdict === 'NOT-CHECKED') return ['lost', ...revised];
  return [was.verdict === 'NON-COMPLIANT' ? 'fixed' : 'other', ...revised];
}

function said({ verdict, rev, level }: Pick<Was, 'verdict' | 'rev' | 'level'>): string {
  return `${verdict} (${level}, revision ${rev})`;
}
