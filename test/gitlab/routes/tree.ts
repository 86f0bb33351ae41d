import { projectOf } from '../access.ts';
import { type App, invalid, notFound } from '../api.ts';
import { paged } from '../paginate.ts';
import { commitAt } from '../revision.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';

/** doc/api/repositories.md: the tree. */
export function treeRoutes(api: App, world: World): void {
  api.get('/projects/:id/repository/tree', async (c) => {
    const project = projectOf(c, world, 'read_code');
    const params = c.get('params');
    const recursive = params.flag('recursive') ?? false;
    const pagination = params.oneOf('pagination', ['legacy', 'keyset', 'none']) ?? 'legacy';
    if (pagination === 'none' && !recursive && world.rule('tree-none-needs-recursive')) {
      throw invalid('pagination cannot be "none" unless "recursive" is true');
    }
    const commit = await commitAt(project, params.text('ref') || project.defaultBranch);
    if (!commit) throw notFound('Tree');
    const entries = await treeEntries(world, project, commit, params.text('path') ?? '', recursive);
    if (!entries) {
      if (world.rule('tree-path-missing')) throw notFound('invalid revision or path');
      return c.json([]);
    }
    return paged(c, world, entries, { mode: pagination, key: (entry) => entry.id + entry.path });
  });
}

interface TreeEntry {
  readonly id: string;
  readonly name: string;
  readonly type: 'tree' | 'blob' | 'commit';
  readonly path: string;
  readonly mode: string;
}

/** Folders first, as Gitaly sorts them; `undefined` where the path is no folder. */
async function treeEntries(world: World, project: Project, commit: string, path: string, recursive: boolean) {
  const at = path.replace(/^\/+|\/+$/g, '');
  const tree = at ? `${commit}:${at}` : commit;
  const options = ['ls-tree', '-z', '--full-tree', ...(recursive ? ['-r', '-t'] : [])];
  const listed = await world.objects.ask(project.gitDir, [...options, tree]).catch(() => undefined);
  if (!listed) return undefined;
  const entries = listed
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((line) => parse(line, at));
  const rank = ({ type }: TreeEntry) => ['tree', 'blob', 'commit'].indexOf(type);
  return recursive ? entries : entries.sort((a, b) => rank(a) - rank(b));
}

function parse(line: string, at: string): TreeEntry {
  const [, mode = '', type, id = '', below = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
  const path = at ? `${at}/${below}` : below;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { id, name, type: type as TreeEntry['type'], path, mode };
}
