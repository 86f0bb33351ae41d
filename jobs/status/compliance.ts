import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';

/** How a rule fares over the repositories that were audited. */
export interface RuleCompliance {
  readonly rule: string;
  /** The highest revision that was asked. */
  readonly rev: number;
  /** Null: no audit said it. */
  readonly title: string | null;
  readonly level: string;
  readonly status: string;
  readonly broken: number;
  readonly partial: number;
  readonly kept: number;
  readonly notChecked: number;
  /** Of those where somebody could say, the share that breaks it; 0..1. */
  readonly share: number;
}

/** What a repository, or all of a group, breaks. */
interface Broken {
  /** Rules that are a `MUST` in force. */
  readonly musts: number;
  /** All that are broken. */
  readonly rules: number;
}

export interface RepositoryCompliance extends Broken {
  readonly project: string;
  readonly instance: string;
  readonly url: string;
  readonly head: string;
  readonly auditedAt: Date;
  /** The `MUST`s in force that it breaks. */
  readonly brokenMusts: readonly string[];
}

export interface GroupCompliance extends Broken {
  readonly group: string;
  readonly repositories: number;
  /** With a `MUST` in force that is broken. */
  readonly withBrokenMusts: number;
}

/** Verdicts of the last audits, of repositories that are in scope, the worst first. */
export interface Compliance {
  /** That were audited at all. */
  readonly audited: number;
  readonly inScope: number;
  readonly rules: readonly RuleCompliance[];
  readonly repositories: readonly RepositoryCompliance[];
  readonly groups: readonly GroupCompliance[];
}

export async function complianceOf(db: Kysely<Tables>): Promise<Compliance> {
  const rows = await db
    .selectFrom('audit')
    .innerJoin('repository', 'repository.key', 'audit.key')
    .select(['audit.key', 'rule', 'rev', 'level', 'status', 'title', 'verdict', 'audit.head', 'at'])
    .select(['path', 'instance', 'url'])
    .where('gone_since', 'is', null)
    .where('excluded', 'is', null)
    .orderBy('path')
    .orderBy('audit.key')
    .orderBy('rule')
    .execute();
  const { count } = await db
    .selectFrom('repository')
    .select((of) => of.fn.countAll<string | number>().as('count'))
    .where('gone_since', 'is', null)
    .where('excluded', 'is', null)
    .executeTakeFirstOrThrow();
  const repositories = [...Map.groupBy(rows, ({ key }) => key).values()].map(ofRepository);
  return {
    audited: repositories.length,
    inScope: Number(count),
    rules: [...Map.groupBy(rows, ({ rule }) => rule)].map(ofRule).sort(byShare),
    repositories: repositories.sort(byBroken),
    groups: [...Map.groupBy(repositories, ({ project }) => groupOf(project))].map(ofGroup).sort(byBroken),
  };
}

interface Row {
  readonly rule: string;
  readonly rev: number;
  readonly level: string;
  readonly status: string;
  readonly title: string | null;
  readonly verdict: string;
  readonly head: string;
  readonly at: Date;
  readonly path: string;
  readonly instance: string;
  readonly url: string;
}

const isBroken = ({ verdict }: Row): boolean => verdict === 'NON-COMPLIANT';
const isBrokenMust = (row: Row): boolean => isBroken(row) && row.level === 'MUST' && row.status === 'active';

function ofRule([rule, rows]: [string, readonly Row[]]): RuleCompliance {
  const number = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length;
  const newest = rows.reduce((a, b) => ((b.rev - a.rev || b.at.getTime() - a.at.getTime()) > 0 ? b : a));
  const [broken, partial, kept] = [number('NON-COMPLIANT'), number('PARTIAL'), number('COMPLIANT')];
  const judged = broken + partial + kept;
  const { rev, title, level, status } = newest;
  const share = judged === 0 ? 0 : broken / judged;
  return { rule, rev, title, level, status, broken, partial, kept, notChecked: number('NOT-CHECKED'), share };
}

function ofRepository(rows: readonly Row[]): RepositoryCompliance {
  const { path: project, instance, url, head, at: auditedAt } = rows[0]!;
  const brokenMusts = rows.filter(isBrokenMust).map(({ rule }) => rule);
  const rules = rows.filter(isBroken).length;
  return { project, instance, url, head, auditedAt, musts: brokenMusts.length, rules, brokenMusts };
}

function ofGroup([group, repositories]: [string, readonly RepositoryCompliance[]]): GroupCompliance {
  return {
    group,
    repositories: repositories.length,
    withBrokenMusts: repositories.filter(({ musts }) => musts > 0).length,
    musts: repositories.reduce((sum, { musts }) => sum + musts, 0),
    rules: repositories.reduce((sum, { rules }) => sum + rules, 0),
  };
}

/** Where a project lies: in GitLab its group, in a folder the folder around it; '' at the top. */
function groupOf(project: string): string {
  return project.slice(0, Math.max(0, project.lastIndexOf('/')));
}

function byShare(a: RuleCompliance, b: RuleCompliance): number {
  return b.share - a.share || b.broken - a.broken || (a.rule < b.rule ? -1 : 1);
}

/** What is equal stays in the order of the paths. */
function byBroken(a: Broken, b: Broken): number {
  return b.musts - a.musts || b.rules - a.rules;
}
