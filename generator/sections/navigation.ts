import type { Fact } from '../../facts/index.ts';
import type { Composed, Item } from '../item.ts';
import { code, list } from '../markdown.ts';

/** What a listing of the folders does not show. No tree, no overview: agents find folders by themselves. */
export function navigationItems(facts: readonly Fact[], file: string): Composed {
  const items: Item[] = [];
  const add = (key: string, text: string, from: readonly Fact[], worth: number): void => {
    items.push({
      file,
      section: 'How to navigate this codebase',
      key,
      text,
      evidence: from.flatMap(({ evidence }) => evidence).slice(0, 4),
      kind: 'prose',
      worth,
    });
  };
  const root = facts.filter(({ dir }) => dir === '');

  const mirror = root.find(({ key }) => key === 'layout.test-mirror');
  const [source, test] = mirror?.value.split(' -> ') ?? [];
  if (mirror && source && test) {
    const beside = source.slice(0, source.lastIndexOf('/')) === test.slice(0, test.lastIndexOf('/'));
    const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
    add(
      mirror.key,
      beside
        ? `Tests stand beside their source: ${code(name(source))} is tested by ${code(name(test))}`
        : `Tests mirror the sources: ${code(source)} is tested by ${code(test)}`,
      [mirror],
      58,
    );
  }
  const packages = facts.filter(({ key }) => key === 'workspace');
  if (packages.length > 1) {
    const parents = Map.groupBy(packages, ({ dir }) => dir.slice(0, Math.max(0, dir.lastIndexOf('/'))));
    const groups = [...parents]
      .filter(([parent, members]) => parent !== '' && members.length > 1 && !/^docs?(?:\/|$)/.test(parent))
      .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
    const shown = groups.slice(0, 4).map(([parent, members]) => `${code(`${parent}/`)} (${members.length})`);
    if (shown.length > 0)
      add(
        'workspace',
        `Packages: ${list(shown)}`,
        groups.slice(0, 4).map(([, members]) => members[0]!),
        45,
      );
  }
  const migrations = facts.filter(({ key }) => key === 'migration');
  if (migrations.length > 0)
    add(
      'migration',
      `Schema migrations: ${list(migrations.slice(0, 3).map(({ value }) => code(`${value.replace(/\/$/, '')}/`)))}`,
      migrations.slice(0, 3),
      62,
    );
  return { items, omitted: [] };
}
