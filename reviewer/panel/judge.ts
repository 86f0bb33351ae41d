import { oneLine, visible } from '../../forge/render/visible.ts';
import type { Judgement } from '../agents/answers.ts';
import type { ProductionRisk, RiskPattern } from '../decide/decide.ts';
import { type Finding, isWorse, type Proof, SEVERITIES } from '../findings/finding.ts';
import type { Unnamed } from '../findings/fingerprint.ts';
import { type Ground, verified } from '../findings/verify.ts';
import { cut, foundBy } from './found.ts';
import { COORDINATOR } from './ownership.ts';

/** A finding of an agent, by the name under which the coordinator is told of it. */
export interface Named {
  readonly name: string;
  readonly finding: Unnamed;
  /** Of the earlier finding that it is. */
  readonly fingerprint?: string | undefined;
}

/** Why a finding is not told. */
export interface Rejected {
  readonly finding: Unnamed;
  readonly why: string;
}

/** A finding that is told. */
export interface Kept extends Pick<Named, 'finding' | 'fingerprint'> {
  /** Of those that it is. */
  readonly names: readonly string[];
}

export interface Judged {
  readonly kept: readonly Kept[];
  readonly rejected: readonly Rejected[];
  /** By names; of computed findings `C1`, `C2`, … */
  readonly productionRisk: { readonly kind: ProductionRisk; readonly names: readonly string[] } | null;
  readonly riskPattern: { readonly kind: RiskPattern; readonly names: readonly string[] } | null;
}

/**
 * What becomes of findings by a judgement. It is followed where it can be: a finding that it forgot stays as it was; a place, a quote and a
 * rule are those that were verified; a critical one is dropped, lowered, or a lesser one raised to it, only with lines that show why; what it adds has to
 * be critical and to stand where it says.
 */
export async function applied(judgement: Judgement, found: readonly Named[], ground: Ground): Promise<Judged> {
  const byName = new Map(found.map((each) => [each.name, each]));
  const settled = new Set<string>();
  const kept: Kept[] = [];
  const rejected: Rejected[] = [];
  for (const one of judgement.kept) {
    const group = fresh(one.of, byName, settled);
    const [first] = group;
    if (!first) continue;
    const shown = await standing(one.evidence, ground);
    const severity = severityOf(
      one.severity,
      group.map(({ finding }) => finding),
      shown.length > 0,
    );
    const { title, detail, category } = one;
    kept.push({
      names: group.map(({ name }) => name),
      fingerprint: group.find(({ fingerprint }) => fingerprint !== undefined)?.fingerprint,
      finding: {
        ...first.finding,
        severity,
        category,
        ...(title === null || title.trim() === '' ? {} : { title: cut(oneLine(title), 200) }),
        ...(detail === null || detail.trim() === '' ? {} : { detail: cut(visible(detail).trim(), 2000) }),
        evidence: proofs([...group.flatMap(({ finding }) => finding.evidence), ...shown]),
      },
    });
  }
  for (const one of judgement.dropped) {
    const shown = await standing(one.evidence, ground);
    for (const named of fresh(one.of, byName, settled)) {
      const { finding } = named;
      if (finding.severity === 'critical' && shown.length === 0) kept.push(asKept(named));
      else rejected.push({ finding, why: one.why });
    }
  }
  for (const named of found) if (!settled.has(named.name)) kept.push(asKept(named));
  const added = foundBy(
    COORDINATOR,
    judgement.added.filter(({ severity }) => severity === 'critical'),
  );
  const stand = await verified(added, ground);
  kept.push(...stand.kept.map(({ known: _, ...finding }) => ({ names: [], finding })));
  const { productionRisk: risk, riskPattern: pattern } = judgement;
  return {
    kept,
    rejected: [...rejected, ...stand.dropped.map(({ finding, reason }) => ({ finding, why: reason }))],
    productionRisk: risk.kind === 'none' ? null : { kind: risk.kind, names: risk.findings },
    riskPattern: pattern.kind === 'none' ? null : { kind: pattern.kind, names: pattern.findings },
  };
}

export function asKept({ name, finding, fingerprint }: Named): Kept {
  return { names: [name], finding, fingerprint };
}

/** Those of the names that there are, and that nothing was said of before. */
function fresh(names: readonly string[], byName: ReadonlyMap<string, Named>, settled: Set<string>): readonly Named[] {
  return names.flatMap((name) => {
    const one = byName.get(name);
    if (!one || settled.has(name)) return [];
    settled.add(name);
    return [one];
  });
}

/** To and from critical only with evidence; else the highest that was reported, or lower. */
function severityOf(wished: Finding['severity'], group: readonly Unnamed[], isShown: boolean): Finding['severity'] {
  const rank = (severity: Finding['severity']) => SEVERITIES.indexOf(severity);
  const highest = SEVERITIES[Math.min(...group.map(({ severity }) => rank(severity)))]!;
  if (isShown || wished === highest) return wished;
  if (highest === 'critical') return 'critical';
  return rank(wished) < rank(highest) ? highest : wished;
}

async function standing(evidence: readonly Proof[], ground: Ground): Promise<readonly Proof[]> {
  const kept: Proof[] = [];
  for (const proof of evidence.slice(0, 10)) {
    const lines = await ground.lines(proof.path, proof.side);
    if (lines && proof.line >= 1 && proof.line <= lines.length) kept.push(proof);
  }
  return kept;
}

function proofs(all: readonly Proof[]): readonly Proof[] {
  const byPlace = new Map(all.map((proof) => [`${proof.side}:${proof.path}:${proof.line}`, proof]));
  return [...byPlace.values()].slice(0, 10);
}

/**
 * Whether a finding of a model says what a program found already, and no more: the same rule, or the same kind of defect where not both rest on rules,
 * on the same lines, and told as severely at least.
 */
export function isDoubleOf(finding: Unnamed, computed: Finding): boolean {
  if (computed.trivial || isWorse(finding, computed)) return false;
  if (finding.path !== computed.path || finding.side !== computed.side) return false;
  const overlaps = finding.line <= computed.endLine && computed.line <= finding.endLine;
  const sameRule = finding.rules.some(({ id }) => computed.rules.some((other) => other.id === id));
  const bothCite = finding.rules.length > 0 && computed.rules.length > 0;
  return overlaps && (sameRule || (!bothCite && finding.category === computed.category));
}
