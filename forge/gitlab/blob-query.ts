import { GROUP } from './complexity.ts';

/** The part of a query that asks for blobs, to be put into `repository { … }`, with what it needs around it. */
export interface BlobQuery {
  /** `$p0: [String!]!, …`; '' where nothing is asked. */
  readonly declared: string;
  readonly selected: string;
  readonly variables: Readonly<Record<string, readonly string[]>>;
  /** The names under which the answers stand. */
  readonly names: readonly string[];
}

/** `ref` is the expression of an argument, as `$ref`; without one blobs come from the default branch. */
export function blobQuery(paths: readonly string[], fields: string, ref?: string): BlobQuery {
  const groups = Array.from({ length: Math.ceil(paths.length / GROUP) }, (_, at) =>
    paths.slice(at * GROUP, (at + 1) * GROUP),
  );
  const from = ref === undefined ? '' : `ref: ${ref}, `;
  return {
    declared: groups.map((_, at) => `$p${at}: [String!]!`).join(', '),
    selected: groups
      .map(({ length }, at) => `b${at}: blobs(${from}paths: $p${at}, first: ${length}) { nodes { ${fields} } }`)
      .join(' '),
    variables: Object.fromEntries(groups.map((group, at) => [`p${at}`, group])),
    names: groups.map((_, at) => `b${at}`),
  };
}
