import { type Claim, holds, restated } from '../../../facts/dependencies/claims.ts';
import { compareVersions, parseVersion } from '../../../facts/dependencies/versions.ts';
import type { Dependency, OwnVersion } from '../../../facts/signal.ts';
import type { AgentDocument } from '../../documents/document.ts';
import type { Found, Rule } from '../rule.ts';
import { dependenciesNamed, type Known, knownVersions } from '../versions/named.ts';
import { isCurrent, isWhole } from '../versions/standing.ts';
import { type Statement, statementsOf } from '../versions/statements.ts';

/** A version that a document states for a dependency, or for the project, and that the manifests do not bear out. */
export const versionClaimMismatch: Rule = {
  id: 'AMD111',
  name: 'version-claim-mismatch',
  severity: 'warning',
  title: 'A stated version differs from what manifest and lock file say.',
  why: 'An agent writes for the API of the version it is told; the manifest is one command away and always right.',
  source: 'https://agents.md/',
  *check(document, world) {
    const known = knownVersions(world);
    for (const statement of statementsOf(document)) {
      const found = ofDependency(statement, document, known) ?? ofProject(statement, document, known);
      if (found) yield found;
    }
  },
};

function ofDependency(statement: Statement, document: AgentDocument, known: Known): Found | undefined {
  const named = dependenciesNamed(statement, known);
  if (!named || !isWhole(statement) || !isCurrent(statement, named.name)) return undefined;
  const claims = [statement.claim, ...statement.beside];
  let unknown = false;
  for (const { range, locked, registry } of named.found) {
    for (const claim of claims) {
      const verdict = holds(claim, { range, locked }, registry);
      if (verdict === true) return undefined;
      if (verdict === undefined) unknown = true;
    }
  }
  if (unknown) return undefined;
  const right = nearest(named.found, document.dir);
  return found(statement, named.name, right, right.at);
}

const LABEL =
  /(?:^|[^\w-])(?:(?:the|our|its)\s+)?(?:current|present|latest|project|package|app|application|library|plugin|gem|crate)(?:\s+(?:stable|release|released|package|project))?\s+version(?:\s+(?:is|number))?\s*[:=(–—-]?\s*$/i;

/** "Current version: 6.13.0". */
function ofProject(statement: Statement, document: AgentDocument, { own }: Known): Found | undefined {
  const { claim, before, cell } = statement;
  if (claim.version.parts.length < 2 || claim.kind !== 'exact') return undefined;
  const label = cell && cell.own === '' ? `${cell.first} ` : before;
  const alone = cell !== undefined && cell.column === 1 && /^version$/i.test(cell.first) && isOverview(statement);
  if ((!LABEL.test(label) && !alone) || !isCurrent(statement, 'version')) return undefined;
  const near = ownAt(own, document.dir);
  if (near.length === 0 || own.some(({ version }) => holds(claim, { locked: version }) === true)) return undefined;
  const versions = new Set(near.map(({ version }) => version));
  const right = near[0]!;
  // A document that is ahead of the manifests may know more than they do: a release writes them.
  if (versions.size > 1 || isNewer(claim, right)) return undefined;
  return found(statement, right.name ?? 'the project', { locked: right.version }, right.at);
}

/** A table of key facts about the project; the number of a document's own revision stands elsewhere. */
function isOverview({ place }: Statement): boolean {
  return /\b(?:project|overview|about|facts|info\w*|summary|glance)\b/i.test(place.headings.at(-1) ?? '');
}

/** The versions of the document's folder, else of the root, else of all packages. */
function ownAt(own: readonly OwnVersion[], dir: string): readonly OwnVersion[] {
  for (const folder of [dir, '']) {
    const here = own.filter((each) => each.dir === folder);
    if (here.length > 0) return here;
  }
  return own;
}

function isNewer(claim: Claim, { version }: OwnVersion): boolean {
  const parsed = parseVersion(version);
  return parsed !== undefined && compareVersions(claim.version, parsed) > 0;
}

/** The declaration that an agent who reads the document meets first. */
function nearest(found: readonly Dependency[], dir: string): Dependency {
  const below = found.filter((each) => each.dir === dir || each.dir.startsWith(dir === '' ? '' : `${dir}/`));
  return (below.length > 0 ? below : found).toSorted((a, b) => a.dir.length - b.dir.length)[0]!;
}

function found(
  statement: Statement,
  name: string,
  right: { readonly range?: string; readonly locked?: string },
  at: Dependency['at'],
): Found {
  const truth = right.locked ?? right.range ?? '';
  const replacement = statement.beside.length === 0 ? restated(statement.claim, right, statement.at.text) : undefined;
  return {
    at: statement.at,
    severity: 'warning',
    message: `${name} is at ${truth} (${at.path}:${at.line}), not ${statement.claim.text}`,
    ...(replacement === undefined ? {} : { replacement }),
  };
}
