import type { RepositoryContext } from '../catalog/model.ts';
import type { Fact } from '../facts/index.ts';
import type { Entries } from './entries.ts';
import type { Composed, Item, Omitted } from './item.ts';
import { code } from './markdown.ts';
import { boundaryItems } from './sections/boundaries.ts';
import { commandItems } from './sections/commands.ts';
import { conventionItems } from './sections/conventions.ts';
import { dependencyItems } from './sections/dependencies.ts';
import { navigationItems } from './sections/navigation.ts';
import { setupItems } from './sections/setup.ts';
import { togetherItems } from './sections/together.ts';

/** What goes into a root file beside its facts. */
interface Beyond {
  readonly together: readonly Entries[];
  readonly rules: Composed;
  readonly catalog: RepositoryContext | undefined;
}

/** Facts into bullets of the root file: everything that could be said, before any gate. */
export function composeRoot(facts: readonly Fact[], { together, rules, catalog }: Beyond, file: string): Composed {
  const home = homeOf(facts);
  const commands = commandItems(facts, file, home);
  const setup = setupItems(facts, file, home);
  const where: Item[] = home === '' || commands.items.length === 0 ? [] : [whereItem(file, home, commands.items)];
  return join(
    setup.items.length > 0 ? { items: setup.items.filter(isRuntime), omitted: setup.omitted } : EMPTY,
    { items: where, omitted: [] },
    commands,
    { items: setup.items.filter((item) => !isRuntime(item)), omitted: [] },
    navigationItems(facts, file),
    conventionItems(facts, file, commands.items),
    rules,
    boundaryItems(facts, file),
    togetherItems(together, facts, file),
    { items: dependencyItems(catalog, file), omitted: [] },
  );
}

/** Facts of one package into bullets of its own file. */
export function composePackage(facts: readonly Fact[], file: string, dir: string): Composed {
  return join(setupItems(facts, file, dir), commandItems(facts, file, dir));
}

/**
 * The folder whose commands the root file gives: the root, unless only folders below it have any; then the one that
 * holds most of the sources, as where all code lies one level down.
 */
export function homeOf(facts: readonly Fact[]): string {
  const tested = new Set(facts.filter(({ key }) => key === 'command.test').map(({ dir }) => dir));
  const dirs =
    tested.size > 0 ? tested : new Set(facts.filter(({ key }) => key === 'command.build').map(({ dir }) => dir));
  if (dirs.has('') || dirs.size === 0) return '';
  const managed = new Set(facts.filter(({ key }) => key === 'package-manager').map(({ dir }) => dir));
  // A root with a manager of its own is where one works, even where its tests are run from below.
  if (managed.has('')) return '';
  const sources = facts.find(({ key, dir }) => key === 'layout.sources' && dir === '')?.value ?? '';
  const holding = [...dirs].filter((dir) => sources === dir || sources.startsWith(`${dir}/`));
  // One of a collection of projects, each with its manager, speaks for none of the others.
  const others = [...managed].filter(
    (dir) => dirs.has(dir) && !holding.some((own) => isWithin(dir, own) || isWithin(own, dir)),
  );
  if (others.length > 2) return '';
  return holding.sort((a, b) => a.length - b.length)[0] ?? (dirs.size === 1 ? [...dirs][0]! : '');
}

function isWithin(dir: string, other: string): boolean {
  return dir === other || dir.startsWith(`${other}/`);
}

function whereItem(file: string, dir: string, commands: readonly Item[]): Item {
  return {
    file,
    section: 'Repository',
    key: 'layout.sources',
    text: `All commands run in ${code(`${dir}/`)}`,
    evidence: commands[0]!.evidence.slice(0, 1),
    kind: 'command',
    worth: 99,
  };
}

const EMPTY: Composed = { items: [], omitted: [] };
const isRuntime = (item: Item): boolean => item.key.startsWith('runtime.');

function join(...parts: readonly Composed[]): Composed {
  return {
    items: parts.flatMap(({ items }) => items),
    omitted: parts.flatMap(({ omitted }): readonly Omitted[] => omitted),
  };
}
