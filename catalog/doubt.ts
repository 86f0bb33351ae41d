import { missingKinds } from './backstage/gaps.ts';
import { KINDS } from './backstage/project.ts';
import type { Fresh, SnapshotContent } from './content.ts';
import type { CatalogEntity } from './model.ts';

const MANY: Readonly<Record<CatalogEntity['kind'], string>> = {
  Component: 'components',
  System: 'systems',
  Domain: 'domains',
  Group: 'groups',
  Resource: 'resources',
  API: 'APIs',
};

/**
 * Why a catalog that was just read is not to be believed in what it lacks; `undefined` where nothing speaks against it. An API that
 * has just been restarted answers 200 with a part of the catalog, and only comparing tells: with the older copy, kind by kind, and of
 * each entity what its `spec` says with its relations. Without an older copy what the entities say of each other has to do.
 *
 * @param percent as much may go missing.
 */
export function doubtOf(old: SnapshotContent | undefined, fresh: Fresh, percent: number): string | undefined {
  if (fresh.partial !== undefined) return fresh.partial;
  // A copy that is unproven may be a part itself.
  const whole = old && !old.unproven ? undefined : incomplete(fresh, percent);
  return (old && shrunk(old, fresh, percent)) ?? whole ?? unsettled(old, fresh);
}

/** Whether two readings list and tell about as much, of each kind: one that is still being worked out grows. */
export function areAlike(one: SnapshotContent, other: SnapshotContent): boolean {
  const near = (a: number, b: number) => Math.abs(a - b) <= Math.ceil(Math.max(a, b) / 100);
  return (
    KINDS.every((kind) => near(countOf(one, kind), countOf(other, kind))) && near(relationsOf(one), relationsOf(other))
  );
}

function shrunk(old: SnapshotContent, fresh: SnapshotContent, percent: number): string | undefined {
  const lost = (before: number, after: number) =>
    after < before && (after === 0 || after < before * (1 - percent / 100));
  for (const kind of KINDS) {
    const [before, after] = [countOf(old, kind), countOf(fresh, kind)];
    if (lost(before, after))
      return `Backstage lists ${after} ${MANY[kind]}, ${before} before: restarted, or partly hidden`;
  }
  const [before, after] = [relationsOf(old), relationsOf(fresh)];
  return lost(before, after)
    ? `Backstage tells ${after} relations, ${before} before: it is still working them out`
    : undefined;
}

/** With an older copy that is proven the two are compared; a token that may not see everything would otherwise never be believed. */
function incomplete(fresh: Fresh, percent: number): string | undefined {
  const listed = countOf(fresh, 'Component');
  if (listed > 0 && fresh.unlisted > ((listed + fresh.unlisted) * percent) / 100)
    return `Backstage lists ${listed} components and names ${fresh.unlisted} more: restarted, or partly hidden (raise catalog.shrinkLimit if that is right)`;
  const missing = missingKinds(fresh.entities);
  return missing.length > 0
    ? `Backstage names ${missing.map((kind) => MANY[kind]).join(' and ')} and lists none: restarted, or hidden from the token`
    : undefined;
}

export function countOf({ entities }: Pick<SnapshotContent, 'entities'>, wanted: CatalogEntity['kind']): number {
  return entities.filter(({ kind }) => kind === wanted).length;
}

/** Without those of groups: people come and go. */
function relationsOf({ entities }: SnapshotContent): number {
  return entities.reduce((sum, { kind, relations }) => (kind === 'Group' ? sum : sum + relations.length), 0);
}

/** A few are no sign: what is said of their repositories waits for them alone. Rules of its own may never give some their relations. */
function unsettled(old: SnapshotContent | undefined, fresh: SnapshotContent): string | undefined {
  const waiting = unsettledOf(fresh);
  const usual = old ? unsettledOf(old) : 0;
  return waiting > usual + Math.ceil(fresh.entities.length / 100)
    ? `Backstage lists ${waiting} entities without relations that their spec names: it is still working them out`
    : undefined;
}

function unsettledOf({ entities }: SnapshotContent): number {
  return entities.filter(({ unsettled }) => unsettled).length;
}
