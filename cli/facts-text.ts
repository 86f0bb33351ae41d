import type { Evidence, Fact, RepoFacts } from '../facts/index.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** Evidence shown for each fact; `--json` has all of it. */
const EVIDENCE_SHOWN = 3;

/**
 * Facts for a person: a block for each key, in the order of the engine, a line for each value with its folder, its source
 * and where it stands.
 */
export function factsText({ facts }: Pick<RepoFacts, 'facts'>, style: Output['style']): string {
  const keys = Map.groupBy(facts, ({ key }) => key);
  const rows = facts.map((fact) => cells(fact, style));
  const lines = table(rows, '  ').split('\n');
  const lineOf = new Map(facts.map((fact, at) => [fact, lines[at]]));
  return [...keys]
    .map(
      ([key, ofKey]) =>
        `${style('bold', printableLine(key))}\n${ofKey.map((fact) => `${lineOf.get(fact)}\n`).join('')}`,
    )
    .join('');
}

function cells(fact: Fact, style: Output['style']): string[] {
  const folder = fact.dir === '' ? '' : `in ${printableLine(fact.dir)}`;
  return [printableLine(fact.value), style('cyan', folder), style('dim', fact.source), evidenceText(fact.evidence)];
}

/** `package.json:12, .gitlab-ci.yml:3` */
export function evidenceText(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, EVIDENCE_SHOWN).map(({ path, line }) => `${printableLine(path)}:${line}`);
  const more = evidence.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
