import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code, list } from '../markdown.ts';

/** Packages that are there for the others: tests, examples, documents. */
const SIDE = /(?:^|\/)(?:docs?|tests?|examples?|samples?|fixtures|playgrounds?|e2e|integration)(?:\/|$)/;
const MOST_PACKAGES = 0.6;

/** What a listing of the folders does not show. No tree, no overview: agents find folders by themselves. */
export function navigationItems(facts: readonly Fact[], file: string): Composed {
  const items: Item[] = [];
  const omitted: Omitted[] = [];
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
  const prescribed =
    /_test\.go$/.test(test ?? '') ||
    (/(?:^|\/)src\/main\//.test(source ?? '') && /(?:^|\/)src\/test\//.test(test ?? ''));
  if (mirror && prescribed) {
    omitted.push({ text: `tests: ${mirror.value}`, reason: 'the toolchain prescribes it', evidence: mirror.evidence });
  } else if (mirror && source && test) {
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
      .filter(([parent, members]) => parent !== '' && members.length > 1 && !SIDE.test(parent))
      .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
    const shown = groups.slice(0, 4).map(([parent, members]) => `${code(`${parent}/`)} (${members.length})`);
    const counted = groups.slice(0, 4).reduce((sum, [, members]) => sum + members.length, 0);
    // A list that leaves the main ones out misleads.
    if (shown.length > 0 && counted >= packages.length * MOST_PACKAGES)
      add(
        'workspace',
        `Packages: ${list(shown)}`,
        groups.slice(0, 4).map(([, members]) => members[0]!),
        45,
      );
  }
  // A folder counts once, whoever tells of it.
  const migrations = facts.filter(
    ({ key, value }, i) =>
      key === 'migration' && facts.findIndex((other) => other.key === key && other.value === value) === i,
  );
  if (migrations.length > 0)
    add(
      'migration',
      `Schema migrations: ${list(migrations.slice(0, 3).map(({ value }) => code(`${value.replace(/\/$/, '')}/`)))}`,
      migrations.slice(0, 3),
      62,
    );
  return { items, omitted };
}
