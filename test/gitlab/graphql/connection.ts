import { GraphQLError } from 'graphql';
import type { World } from '../world.ts';
import { LARGEST_PAGE } from './complexity.ts';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** One page of a list, as a Relay connection. A cursor names the item's place in the list. */
export function connection<T, N>(world: World, items: readonly T[], page: PageArguments, present: (item: T) => N) {
  const start = page.after ? placeOf(page.after) + 1 : 0;
  const end = page.before ? placeOf(page.before) : items.length;
  const size = pageSize(world, page.first ?? page.last);
  const from = page.first == null && page.last != null ? Math.max(start, end - size) : start;
  const to = Math.min(end, from + size);
  const shown = items.slice(from, to).map((item, at) => ({ cursor: cursorOf(from + at), node: present(item) }));
  return {
    count: items.length,
    edges: shown,
    nodes: shown.map(({ node }) => node),
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: shown[0]?.cursor ?? null,
      endCursor: shown.at(-1)?.cursor ?? null,
    },
  };
}

function pageSize(world: World, wanted: number | null | undefined): number {
  if (wanted == null) return LARGEST_PAGE;
  if (wanted < 0) throw new GraphQLError('The value of `first` must not be negative');
  return world.rule('graphql-page') ? Math.min(wanted, LARGEST_PAGE) : wanted;
}

function cursorOf(place: number): string {
  return Buffer.from(String(place + 1)).toString('base64');
}

function placeOf(cursor: string): number {
  const place = Number(Buffer.from(cursor, 'base64').toString('utf8'));
  if (!Number.isInteger(place) || place < 1) throw new GraphQLError('Please provide a valid cursor');
  return place - 1;
}
