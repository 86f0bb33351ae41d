import { keyMateriality } from '../../keys.ts';
import { parentDir } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';
import type { FactChange } from '../change.ts';
import type { Kind } from '../comparison.ts';
import { factsOf, isPeripheral } from '../places.ts';

const KEY = 'command.install';

/**
 * A group of dependencies that a plain install had and has no more: whoever types the command of before lacks them.
 * Poetry leaves out what is `optional`, uv what is not among the `default-groups`.
 * https://python-poetry.org/docs/managing-dependencies/#optional-groups, https://docs.astral.sh/uv/concepts/projects/dependencies/#default-groups
 */
export const installGroups: Kind = {
  id: 'dependency group left out of a plain install',
  reads: isManifest,
  *find({ before, after, files }): Generator<FactChange> {
    for (const { status, path } of files) {
      const dir = parentDir(path);
      if (status !== 'modified' || !isManifest(path) || isPeripheral(dir)) continue;
      const [old, now] = [groupsOf(before.file(path)), groupsOf(after.file(path))];
      const left = [...old].find(([name, { plain }]) => plain && now.get(name)?.plain === false);
      if (!left) continue;
      const line = now.get(left[0])!.line;
      const [was] = factsOf(before, KEY, dir);
      const is = factsOf(after, KEY, dir).find(({ value }) => value.includes(left[0]));
      yield {
        key: KEY,
        dir,
        from: was?.value ?? left[1].install,
        to: is?.value ?? `${left[1].install} ${left[1].flag} ${left[0]}`,
        materiality: keyMateriality(KEY),
        evidence: [{ path, line }],
      };
    }
  },
};

function isManifest(path: string): boolean {
  return path === 'pyproject.toml' || path.endsWith('/pyproject.toml');
}

interface Group {
  /** An install without flags has it. */
  readonly plain: boolean;
  readonly line: number;
  /** What has the groups that are plain, and the flag that adds one. */
  readonly install: string;
  readonly flag: string;
}

function groupsOf(file: SourceFile | undefined): ReadonlyMap<string, Group> {
  const tree = file?.toml();
  const groups = new Map<string, Group>();
  for (const [name, group] of tree?.get('tool', 'poetry', 'group')?.entries() ?? []) {
    const optional = group.get('optional');
    groups.set(name, {
      plain: optional?.text !== 'true',
      line: (optional ?? group).line,
      install: 'poetry install',
      flag: '--with',
    });
  }
  const defaults = tree?.get('tool', 'uv', 'default-groups');
  // Of other managers the table alone says nothing.
  if (!tree?.get('tool', 'uv')) return groups;
  for (const [name, group] of tree.get('dependency-groups')?.entries() ?? []) {
    const plain = defaults ? defaults.text === 'all' || defaults.texts().includes(name) : name === 'dev';
    groups.set(name, { plain, line: (defaults ?? group).line, install: 'uv sync', flag: '--group' });
  }
  return groups;
}
