import type { Catalog, Related, RepositoryContext } from '../../../catalog/model.ts';
import type { RepoReader } from '../../../forge/reader.ts';
import type { PluginSubject, ReviewPlugin } from '../plugin.ts';
import { definitionsIn, type InterfaceKind, interfacesIn } from './interfaces.ts';

export interface CatalogKnows {
  /** Of the repository; `undefined`: the catalog does not know it, and `unreachable`: nobody can say. */
  readonly context: RepositoryContext | 'unreachable' | undefined;
  readonly catalog: Pick<Catalog, 'entities'> | undefined;
  readonly before: RepoReader;
  readonly after: RepoReader;
}

/** Who is told whom a changed interface is used by; `summary` is no agent everywhere. */
const TOLD = ['release', 'code-quality', 'summary'];
const MOST = 50;

/** What the software catalog says of the repository to all; and whom a changed interface is used by to those who judge what breaks. */
export function catalogPlugin(knows: CatalogKnows): ReviewPlugin {
  return {
    name: 'catalog',
    async configure({ agents, addPrompt, report }, about) {
      const { context } = knows;
      if (context === 'unreachable') report('the catalog has no answer; nothing is told of owners and consumers');
      if (typeof context !== 'object') return;
      if (context.stale !== undefined) report(`the catalog may lack something: ${context.stale}`);
      addPrompt({ title: 'what the software catalog says of this repository', text: aboutText(context), for: 'all' });
      const known = agents();
      const told = TOLD.filter((agent) => known.includes(agent));
      const changed = told.length === 0 ? [] : await changedInterfaces(knows, context, about);
      if (changed.length === 0) return;
      const doubt = context.stale === undefined ? [] : [`Some consumers may be missing here: ${context.stale}.`];
      addPrompt({
        title: 'who uses the interfaces that this change touches',
        text: [...changed.map((each) => interfaceText(each)), ...doubt].join('\n\n'),
        for: told,
      });
    },
  };
}

function aboutText(context: RepositoryContext): string {
  const {
    owner,
    owners = [],
    system,
    domain,
    lifecycle,
    tier,
    dependsOn,
    dependencyOf,
    providesApis,
    consumesApis,
  } = context;
  const own = owner ?? owners.join(', ');
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['owner', own === '' ? undefined : own],
    ...([
      ['system', system],
      ['domain', domain],
      ['lifecycle', lifecycle],
      ['tier', tier],
    ] as const),
    ['components', listed(context.components.map(({ ref, dir }) => (dir === '' ? ref : `${ref} in ${dir}/`)))],
    ['depends on', named(dependsOn)],
    ['needed by', named(dependencyOf)],
    ['provides', named(providesApis)],
    ['provided interfaces are consumed by', named(context.apiConsumers ?? [])],
    ['consumes', named(consumesApis)],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join('\n');
}

function named(related: readonly Related[]): string | undefined {
  return listed(related.map(({ ref, owner }) => (owner === undefined ? ref : `${ref} (${owner})`)));
}

function listed(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length - MOST;
  return `${names.slice(0, MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

interface ChangedInterface {
  readonly path: string;
  readonly kind: InterfaceKind;
  readonly status: string;
  readonly apis: readonly { readonly ref: string; readonly consumers: readonly Related[] }[];
}

async function changedInterfaces(
  { catalog, before, after }: CatalogKnows,
  context: RepositoryContext,
  { files }: PluginSubject,
): Promise<readonly ChangedInterface[]> {
  if (context.providesApis.length === 0) return [];
  const statuses = new Map(
    files.flatMap(({ path, from, status }) => [path, from ?? path].map((each) => [each, status])),
  );
  const kinds = await interfacesIn([...statuses.keys()], [after, before]);
  if (kinds.size === 0) return [];
  // Where the change goes into, and where it comes from: it may be what takes a definition away.
  const definitions = [...(await definitionsIn(before)), ...(await definitionsIn(after))];
  return [...kinds].flatMap(([path, kind]) => {
    const defined = new Set(definitions.filter((each) => each.path === path).map(({ ref }) => ref));
    const apis = context.providesApis.filter(({ ref }) => defined.has(ref));
    const found = apis.length > 0 ? apis : likely(path, kind, context, new Set(definitions.map(({ ref }) => ref)));
    if (found.length === 0) return [];
    const status = statuses.get(path)!;
    return [{ path, kind, status, apis: found.map(({ ref }) => ({ ref, consumers: consumersOf(ref, catalog) })) }];
  });
}

/**
 * Which API a file that no catalog file names may belong to: those of its kind; of several the ones whose folder it lies in, the deepest. One
 * whose definition is known to stand elsewhere is none of them, unless nothing is left: parts of a definition lie in files of their own.
 */
function likely(
  path: string,
  kind: InterfaceKind,
  { providesApis, components }: RepositoryContext,
  defined: ReadonlySet<string>,
): readonly Related[] {
  const fits = providesApis.filter(({ type }) => isOfKind(type, kind));
  const free = fits.filter(({ ref }) => !defined.has(ref));
  const left = free.length > 0 ? free : fits;
  const dirs = new Map(components.map(({ ref, dir }) => [ref, dir]));
  const depth = ({ ref }: Related) => {
    const dir = dirs.get(ref) ?? '';
    return dir === '' ? 0 : path.startsWith(`${dir}/`) ? dir.length : -1;
  };
  const deepest = Math.max(...left.map(depth));
  return deepest < 0 ? [] : left.filter((api) => depth(api) === deepest);
}

/** Schemas of messages belong to any kind of interface. */
function isOfKind(type: string | undefined, kind: InterfaceKind): boolean {
  if (type === undefined || kind === 'json-schema') return true;
  if (kind === 'avro') return ['avro', 'asyncapi'].includes(type);
  return type === kind || (kind === 'grpc' && ['proto', 'protobuf'].includes(type));
}

function consumersOf(api: string, catalog: CatalogKnows['catalog']): readonly Related[] {
  const relations = catalog?.entities.get(api)?.relations ?? [];
  return relations
    .flatMap(({ type, target }) => (type === 'apiConsumedBy' ? [target] : []))
    .map((ref) => {
      const entity = catalog?.entities.get(ref);
      return { ref, kind: entity?.kind ?? '', ...(entity?.owner === undefined ? {} : { owner: entity.owner }) };
    });
}

function interfaceText({ path, kind, status, apis }: ChangedInterface): string {
  const lines = apis.map(
    ({ ref, consumers }) => `- ${ref} is consumed by ${named(consumers) ?? 'nobody that the catalog knows of'}`,
  );
  return [`${path} (${kind}, ${status}) belongs to`, ...lines].join('\n');
}
