import picomatch from 'picomatch';
import type { Project } from '../forge/port.ts';
import type { RepoReader } from '../forge/reader.ts';
import { keptAnnotations, projected, type RawEntity } from './backstage/project.ts';
import type { ValidEntity } from './backstage/validate.ts';
import { projectName } from './context.ts';
import { entitiesOfText } from './documents.ts';
import type { CatalogEntity } from './model.ts';
import { refOf } from './ref.ts';
import { relationsOf } from './relations.ts';

/** A repository whose catalog files are read. Whoever opened the reader closes it. */
export interface CatalogSource {
  readonly project: Pick<Project, 'instance' | 'id' | 'path' | 'url' | 'defaultBranch'>;
  readonly reader: RepoReader;
}

export interface FilesRead {
  readonly entities: readonly CatalogEntity[];
  /** Where each entity was found. */
  readonly found: ReadonlyMap<string, Found>;
  readonly problems: readonly string[];
}

export interface Found {
  readonly host: string;
  readonly path: string;
  readonly dir: string;
  /** A folder of this machine: no web address can name it. */
  readonly local: boolean;
}

/** What is copied in, made for tests or to be filled in later describes no software of the repository. */
const NOT_OURS = /(^|\/)(node_modules|vendor|third_party|skeletons?|fixtures|__fixtures__|testdata)\//;

/** So many targets of `Location` documents are followed in a repository. */
const MOST_FILES = 1000;

/**
 * The catalog that the repositories hold themselves: catalog files of each, with the files that their `Location` documents name in
 * the same repository. Repositories are read one after the other and not kept. Relations are derived both ways over all of them.
 */
export async function readCatalogFiles(
  sources: AsyncIterable<CatalogSource> | Iterable<CatalogSource>,
  globs: readonly string[],
  tier: string,
): Promise<FilesRead> {
  const problems: string[] = [];
  const found = new Map<string, Found & { readonly entity: ValidEntity }>();
  const hosts = new Set<string>();
  for await (const { project, reader } of sources) {
    const { host, path } = projectName(project);
    hosts.add(host);
    const local = !URL.parse(project.instance)?.host;
    for (const { file, entities, problems: broken } of await filesOf(reader, globs)) {
      problems.push(...broken.map((problem) => (path === '' ? problem : `${path}: ${problem}`)));
      for (const entity of entities) {
        const ref = refOf({
          kind: entity.kind,
          namespace: entity.metadata.namespace ?? 'default',
          name: entity.metadata.name,
        });
        const first = found.get(ref);
        if (first)
          problems.push(
            `${path === '' ? '' : `${path}: `}${file}: ${ref} stands in ${first.path}/${first.dir} already; that one counts`,
          );
        else
          found.set(ref, {
            host,
            path,
            dir: folderOf(file),
            local,
            entity: local ? entity : withLocation(entity, project, file),
          });
      }
    }
  }
  const valid = Array.from(found.values(), ({ entity }) => entity);
  const relations = relationsOf(valid);
  const annotations = keptAnnotations(tier, hosts);
  const entities = Array.from(found).flatMap(([ref, { entity }]) => {
    const raw = { ...entity, relations: relations.get(ref) ?? [] } as RawEntity;
    return projected(raw, tier, annotations) ?? [];
  });
  return { entities, found, problems };
}

interface ReadFile {
  readonly file: string;
  readonly entities: readonly ValidEntity[];
  readonly problems: readonly string[];
}

async function filesOf(reader: RepoReader, globs: readonly string[]): Promise<readonly ReadFile[]> {
  const isCatalog = picomatch([...globs]);
  const entries = await reader.paths();
  const known = new Set(entries.filter(({ kind }) => kind === 'file' || kind === 'executable').map(({ path }) => path));
  let wanted = [...known].filter((path) => isCatalog(path) && !NOT_OURS.test(path));
  if (wanted.length === 0) return [];
  const { entityValidator } = await import('./backstage/validate.ts');
  const validate = await entityValidator();
  const done = new Map<string, ReadFile>();
  while (wanted.length > 0 && done.size < MOST_FILES) {
    const answers = await reader.read(wanted);
    const next = new Set<string>();
    for (const file of wanted) {
      const answer = answers.get(file);
      const read = answer?.ok
        ? await entitiesOfText(file, answer.text, validate)
        : { entities: [], problems: [`${file}: cannot be read (${answer?.reason ?? 'absent'})`] };
      done.set(file, { file, ...read });
      for (const target of read.entities.flatMap((entity) => targetsOf(entity, file)))
        if (known.has(target)) next.add(target);
    }
    wanted = [...next].filter((file) => !done.has(file));
  }
  return [...done.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The files that a `Location` names beside itself: `./services/a/catalog-info.yaml`. Web addresses and globs are Backstage's to follow. */
function targetsOf({ kind, spec }: ValidEntity, file: string): string[] {
  if (kind !== 'Location') return [];
  return [spec.target, spec.targets].flat().flatMap((target) => {
    if (typeof target !== 'string' || /^([a-z]+:|\/)/i.test(target)) return [];
    const url = URL.parse(target, `file:///${file.split('/').map(encodeURIComponent).join('/')}`);
    try {
      return url ? [decodeURIComponent(url.pathname.slice(1))] : [];
    } catch {
      return [];
    }
  });
}

/** As Backstage does with every entity that it reads from an address. */
function withLocation(
  entity: ValidEntity,
  { url, defaultBranch }: CatalogSource['project'],
  file: string,
): ValidEntity {
  const at = `${url}/-/blob/${defaultBranch ?? 'HEAD'}`;
  const escaped = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  const dir = folderOf(file);
  const annotations = {
    'backstage.io/source-location': `url:${at}/${dir === '' ? '' : `${escaped(dir)}/`}`,
    ...entity.metadata.annotations,
    'backstage.io/managed-by-location': `url:${at}/${escaped(file)}`,
  };
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), 0));
}
