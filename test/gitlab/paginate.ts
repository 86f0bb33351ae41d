import { ApiError, type Ctx, invalid } from './api.ts';
import type { World } from './world.ts';

interface Paging<T> {
  readonly mode: 'legacy' | 'keyset' | 'none';
  /** What a keyset's cursor names: the last item of the page before. */
  readonly key: (item: T) => string;
  /** Turns the items of the page into what is answered. */
  readonly present?: (items: readonly T[]) => Promise<unknown[]>;
}

/** Answers one page of a list: doc/api/rest/_index.md#pagination. */
export async function paged<T>(c: Ctx, world: World, items: readonly T[], paging: Paging<T>): Promise<Response> {
  const present = paging.present ?? (async (page) => [...page]);
  if (paging.mode === 'none') return c.json(await present(items));
  const { page, perPage } = pageOf(c, world);
  if (paging.mode === 'legacy') {
    const start = (page - 1) * perPage;
    offsetPage(c, world, { page, perPage, more: start + perPage < items.length, total: items.length });
    return c.json(await present(items.slice(start, start + perPage)));
  }
  const after = c.get('params').text('page_token');
  const start = after === undefined ? 0 : items.findIndex((item) => paging.key(item) === after) + 1;
  if (after !== undefined && start === 0) throw new ApiError(422, { message: 'Invalid page token' });
  const part = items.slice(start, start + perPage);
  const last = part.at(-1);
  if (last !== undefined && start + perPage < items.length) {
    c.header('Link', link(c, world, { page_token: paging.key(last) }, 'next'));
  }
  return c.json(await present(part));
}

/** @throws {ApiError} 400 for a number that is none. */
export function pageOf(c: Ctx, world: World): { readonly page: number; readonly perPage: number } {
  const params = c.get('params');
  const page = Math.max(1, params.whole('page') ?? 1);
  const wanted = params.whole('per_page') ?? 20;
  if (wanted < 1) throw invalid('per_page does not have a valid value');
  return { page, perPage: world.rule('per-page-at-most-100') ? Math.min(100, wanted) : wanted };
}

interface Offset {
  readonly page: number;
  readonly perPage: number;
  readonly more: boolean;
  /** Where it is counted at all. */
  readonly total?: number;
}

/** Sets the headers of an offset list. */
export function offsetPage(c: Ctx, world: World, { page, perPage, more, total }: Offset): void {
  const counted = total !== undefined && (total <= LARGEST_TOTAL || !world.rule('no-total-above-10000'));
  const pages = counted ? Math.max(1, Math.ceil(total / perPage)) : 0;
  const at = (number: number, rel: string) => link(c, world, { page: String(number), per_page: String(perPage) }, rel);
  const links = [at(1, 'first')];
  if (page > 1) links.unshift(at(page - 1, 'prev'));
  if (more) links.splice(page > 1 ? 1 : 0, 0, at(page + 1, 'next'));
  if (counted) links.push(at(pages, 'last'));
  c.header('Link', links.join(', '));
  c.header('X-Page', String(page));
  c.header('X-Per-Page', String(perPage));
  c.header('X-Next-Page', more ? String(page + 1) : '');
  c.header('X-Prev-Page', page > 1 ? String(page - 1) : '');
  if (!counted) return;
  c.header('X-Total', String(total));
  c.header('X-Total-Pages', String(pages));
}

/** The request's own address with parameters changed. */
export function link(c: Ctx, world: World, change: Readonly<Record<string, string>>, rel: string): string {
  const asked = new URL(c.req.url);
  const url = new URL(asked.pathname + asked.search, world.url);
  url.searchParams.delete('private_token');
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
  return `<${url}>; rel="${rel}"`;
}

const LARGEST_TOTAL = 10_000;
