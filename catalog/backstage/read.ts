import { CatalogError } from '../errors.ts';
import type { CatalogEntity, CheckScore } from '../model.ts';
import type { BackstageClient } from './client.ts';
import { unlistedComponents } from './gaps.ts';
import { fieldsOf, KINDS, keptAnnotations, projected, type RawEntity } from './project.ts';
import { readScores } from './scores.ts';

/** A whole catalog as Backstage told it just now. */
export interface FleetRead {
  /** Sorted by reference. */
  readonly entities: readonly CatalogEntity[];
  readonly scores: ReadonlyMap<string, readonly CheckScore[]>;
  /** Fewer came than were announced, or more. */
  readonly partial?: string;
  /** Components that others hold and that were not listed. */
  readonly unlisted: number;
  readonly problems: readonly string[];
}

export interface FleetQuestion {
  readonly tier: string;
  readonly hosts: Iterable<string>;
  readonly insights: boolean;
  /** Nothing is known that this could be compared with: look a second time whether it stands still. */
  readonly first: boolean;
}

/** In ms: a catalog of 4,000 components that is worked out anew takes a minute. */
const SECOND_LOOK = 2000;

/**
 * The whole catalog in one paged question: six kinds, exact fields, one page after the other. Twelve requests for 5,830 entities at 500
 * a page; one more where it is the first time.
 *
 * @throws {CatalogError}
 */
export async function readFleet(client: BackstageClient, question: FleetQuestion): Promise<FleetRead> {
  const annotations = keptAnnotations(question.tier, question.hosts);
  const fields = fieldsOf(annotations);
  const pageOf = await pageReader();
  const entities = new Map<string, CatalogEntity>();
  const problems: string[] = [];
  const cursors = new Set<string>();
  let received = 0;
  let unread = 0;

  let page = pageOf(await client.firstPage(KINDS, fields));
  const total = page.total;
  for (;;) {
    received += page.count;
    unread += page.count - page.entities.length;
    for (const raw of page.entities) {
      const entity = projected(raw, question.tier, annotations);
      if (entity) entities.set(entity.ref, entity);
    }
    const { cursor } = page;
    if (cursor === undefined) break;
    if (cursors.has(cursor))
      throw new CatalogError(
        'cursor-loop',
        `Backstage offers the same page again after ${received} entities; nothing was taken over`,
      );
    cursors.add(cursor);
    page = pageOf(await client.nextPage(cursor, fields));
  }
  if (unread > 0) problems.push(`Backstage: ${unread} of ${received} entities cannot be understood and are left out`);
  return {
    entities: [...entities.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1)),
    scores: question.insights ? await readScores(client) : new Map(),
    ...(partial(total, received) ?? (question.first ? await growing(client, pageOf, total) : undefined)),
    unlisted: unlistedComponents(entities),
    problems,
  };
}

/** The total is that of the first page, and entities come and go while the others are read; more than a few of them tell something. */
function partial(total: number | undefined, received: number): { readonly partial: string } | undefined {
  if (total === undefined || isNear(total, received)) return undefined;
  const more = received > total ? ': it is still growing' : '';
  return { partial: `Backstage announced ${total} entities and sent ${received}${more}` };
}

async function growing(
  client: BackstageClient,
  pageOf: (raw: unknown) => Page,
  before: number | undefined,
): Promise<{ readonly partial: string } | undefined> {
  if (before === undefined || before === 0) return undefined;
  await client.sleep(SECOND_LOOK);
  const { total: now } = pageOf(await client.countPage(KINDS));
  return now === undefined || isNear(before, now)
    ? undefined
    : { partial: `Backstage listed ${before} entities and ${now} two seconds later: it is still working them out` };
}

function isNear(total: number, other: number): boolean {
  return Math.abs(total - other) <= Math.ceil(total / 100);
}

interface Page {
  readonly entities: readonly RawEntity[];
  /** Those that could not be understood included. */
  readonly count: number;
  readonly total: number | undefined;
  readonly cursor: string | undefined;
}

async function pageReader(): Promise<(raw: unknown) => Page> {
  const z = await import('zod');
  const text = z.string().optional().catch(undefined);
  const list = z.array(z.string()).optional().catch(undefined);
  const texts = z.record(z.string(), z.string()).optional().catch(undefined);
  const entity = z.object({
    kind: z.string(),
    metadata: z.object({
      name: z.string().min(1),
      namespace: text,
      title: text,
      description: text,
      tags: list,
      labels: texts,
      annotations: texts,
    }),
    spec: z
      .object({
        type: text,
        lifecycle: text,
        owner: text,
        system: text,
        domain: text,
        subcomponentOf: text,
        dependsOn: list,
        dependencyOf: list,
        providesApis: list,
        consumesApis: list,
        profile: z.object({ email: text, displayName: text }).optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
    relations: z
      .array(z.object({ type: z.string(), targetRef: z.string() }))
      .optional()
      .catch(undefined),
  });
  const page = z.object({
    items: z.array(z.unknown()),
    totalItems: z.number().optional(),
    pageInfo: z.object({ nextCursor: z.string().min(1).optional() }).optional(),
  });
  return (raw) => {
    const read = page.safeParse(raw);
    if (!read.success)
      throw new CatalogError('not-understood', 'Backstage: the answer of /entities/by-query has no list of entities');
    const { items, totalItems, pageInfo } = read.data;
    const entities = items.flatMap((item) => {
      const one = entity.safeParse(item);
      return one.success ? [one.data] : [];
    });
    return { entities, count: items.length, total: totalItems, cursor: pageInfo?.nextCursor };
  };
}
