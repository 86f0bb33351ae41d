import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import { branchFits, OCCASIONS, type Occasion, occasionsByName } from '../ci-occasions.ts';

/** A pipeline's file and when it runs. */
export interface Pipeline {
  readonly file: SourceFile;
  readonly tree: Tree;
  readonly occasions: readonly Occasion[];
}

const CONTENT = ['stages', 'jobs', 'steps', 'phases', 'extends'];
const TRIGGERS = ['trigger', 'pr', 'schedules'];

/** Files that start by themselves: all that say when, and the one of the usual name. Others are templates. */
export function pipelinesOf(repo: RepoView): readonly Pipeline[] {
  return repo.files.flatMap((file): readonly Pipeline[] => {
    const tree = file.yaml();
    if (tree === undefined || !CONTENT.some((key) => tree.get(key) !== undefined)) return [];
    const usual = /^\.?azure-pipelines?\.ya?ml$|^\.vsts-ci\.yml$/.test(file.name);
    // `.ci/` is a folder of many systems: an Azure pipeline there says so.
    if (!usual && !TRIGGERS.some((key) => tree.get(key) !== undefined)) return [];
    return [{ file, tree, occasions: occasionsOf(tree, file.path) }];
  });
}

/** Templates of this repository that the files read so far name, directly or in templates. */
export function* templatesOf(repo: RepoView): Iterable<string> {
  const seen = new Set(repo.files.map(({ path }) => path));
  for (const path of seen) {
    const file = repo.file(path);
    if (file === undefined || !file.text.includes('template:')) continue;
    for (const [, written = ''] of file.text.matchAll(/\btemplate:[ \t]*["']?([^\s"'#]{1,300})/g)) {
      const template = templatePath(written, path, repo);
      if (template === undefined || seen.has(template)) continue;
      seen.add(template);
      yield template;
    }
  }
}

/** From the file that names it, or from the root with a slash; `@self` is this repository, any other name is not. */
export function templatePath(written: string, from: string, { paths }: RepoView): string | undefined {
  const plain = written.replace(/@self$/, '');
  if (/[@$]/.test(plain)) return undefined;
  const dir = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
  return [joinPath(plain.startsWith('/') ? '' : dir, plain.replace(/^\/+/, '')), joinPath('', plain)].find(
    (path) => path !== undefined && paths.isFile(path),
  );
}

/**
 * Without `trigger` and `pr` every push and every pull request starts a pipeline; Azure Repos keeps the latter in its
 * settings, and pipelines whose name says that they publish have no reason to run there.
 */
function occasionsOf(tree: Tree, path: string): readonly Occasion[] {
  const [trigger, pr] = [tree.get('trigger'), tree.get('pr')];
  const named = pr === undefined || isOff(pr) ? occasionsByName(path) : undefined;
  const scheduled = tree.get('schedules') !== undefined;
  const occasions = OCCASIONS.filter((occasion) => {
    if (occasion.trigger === 'manual') return true;
    if (occasion.trigger === 'schedule') return scheduled;
    // What has a schedule and no trigger has no other occasion.
    if (occasion.request && (pr === undefined ? !(scheduled && isOff(trigger)) : !isOff(pr))) return true;
    if (isOff(trigger)) return false;
    if (occasion.branch === null) return trigger === undefined || trigger.get('tags') !== undefined;
    const onlyTags = trigger?.get('tags') !== undefined && trigger.get('branches') === undefined;
    return !onlyTags && branchFits(branchesOf(trigger), occasion);
  });
  const fitting = named === undefined ? occasions : occasions.filter((occasion) => named.includes(occasion));
  return fitting.length > 0 ? fitting : occasions.filter(({ request }) => !request);
}

function isOff(trigger: Tree | undefined): boolean {
  return trigger?.text === 'none';
}

/** A list of branches, or `branches: { include, exclude }`. */
function branchesOf(trigger: Tree | undefined): {
  readonly only: readonly string[];
  readonly ignore: readonly string[];
} {
  if (trigger?.kind !== 'map') return { only: trigger?.texts() ?? [], ignore: [] };
  const branches = trigger.get('branches');
  return { only: branches?.get('include')?.texts() ?? [], ignore: branches?.get('exclude')?.texts() ?? [] };
}
