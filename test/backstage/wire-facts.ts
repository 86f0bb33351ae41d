/** What a catalog's API does in the corners that clients fall into; the double and the real backend must agree. */
export async function wireFacts(url: string, token: string): Promise<Readonly<Record<string, unknown>>> {
  const ask = async (path: string, init: RequestInit = {}) =>
    await fetch(`${url}/api/catalog/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(init.headers as object) },
    });
  const json = async (path: string, init?: RequestInit) => (await (await ask(path, init)).json()) as Listing;
  const post = (path: string, body: unknown) => json(path, { method: 'POST', body: JSON.stringify(body) });
  const errorOf = async (response: Response) => [response.status, ((await response.json()) as Failure).error.name];

  const plain = await json('entities/by-query?filter=kind=component&limit=1');
  const cursor = plain.pageInfo.nextCursor!;
  const second = await post('entities/by-query', { cursor, limit: 1, fields: ['kind'] });
  const secondByGet = await json(`entities/by-query?cursor=${encodeURIComponent(cursor)}&limit=1&fields=kind`);
  const slug = 'metadata.annotations.gitlab.com/project-slug';
  const ordered = await json(`entities/by-query?filter=kind=component&limit=0&orderField=${slug},asc`);
  const slugs = await json(`entities/by-query?filter=kind=component,${slug}&limit=0`);
  const dotted = await json(`entities/by-query?filter=kind=component,${slug}&limit=1&fields=${slug}`);
  const inList = await json('entities/by-query?filter=kind=component&limit=1&fields=kind,relations.type');
  return {
    'no token': await errorOf(await ask('entities/by-query', { headers: { authorization: '' } })),
    'a wrong token': await errorOf(await ask('entities/by-query', { headers: { authorization: 'Bearer no' } })),
    'an unknown parameter': (await ask('entities/by-query?wish=1')).status,
    'a long address': (await ask(`entities/by-query?filter=${'x'.repeat(17_000)}`)).status,
    'a broken cursor': (await ask('entities/by-query?cursor=%7B')).status,
    'the cursor holds a query': 'query' in (JSON.parse(atob(cursor)) as object),
    'POST goes on with a cursor': [second.items, second.totalItems],
    'GET goes on with it too': [secondByGet.items, secondByGet.totalItems],
    'ordering by a field leaves out who lacks it':
      ordered.totalItems === slugs.totalItems && slugs.totalItems < plain.totalItems,
    'a field with dots and a slash': Object.keys(
      (dotted.items[0] as { metadata: { annotations: object } }).metadata.annotations,
    ),
    'a field in a list': inList.items,
    'absent and malformed references': (
      await post('entities/by-refs', { entityRefs: ['component:default/none', '::'] })
    ).items,
  };
}

interface Listing {
  readonly items: readonly unknown[];
  readonly totalItems: number;
  readonly pageInfo: { readonly nextCursor?: string };
}

interface Failure {
  readonly error: { readonly name: string };
}

/** As the real one answers, for a fleet of 60 components (@backstage/plugin-catalog-backend 4.0.0). */
export const WIRE_FACTS: Readonly<Record<string, unknown>> = {
  'no token': [401, 'AuthenticationError'],
  'a wrong token': [401, 'AuthenticationError'],
  'an unknown parameter': 400,
  'a long address': 431,
  'a broken cursor': 400,
  'the cursor holds a query': true,
  'POST goes on with a cursor': [[{ kind: 'Component' }], 60],
  'GET goes on with it too': [[{ kind: 'Component' }], 60],
  'ordering by a field leaves out who lacks it': true,
  'a field with dots and a slash': ['gitlab.com/project-slug'],
  'a field in a list': [{ kind: 'Component' }],
  'absent and malformed references': [null, null],
};
