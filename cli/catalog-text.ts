import type { Related, RepositoryContext } from '../catalog/model.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** What the catalog knows of a repository, as a table of a few lines. */
export function contextText(context: RepositoryContext, style: Output['style']): string {
  const { owner, owners = [], system, domain, lifecycle, tier, stale } = context;
  const shared = owner === undefined ? owners.join(', ') : owner;
  const rows: [string, string | undefined][] = [
    ['owner', shared],
    ['system', system],
    ['domain', domain],
    ['lifecycle', lifecycle],
    ['tier', tier],
    ['depends on', listed(context.dependsOn)],
    ['used by', listed(context.dependencyOf)],
    ['provides', listed(context.providesApis)],
    ['called by', listed(context.apiConsumers ?? [])],
    ['calls', listed(context.consumesApis)],
    ...context.components.map(({ ref, dir, type, owner: whose }): [string, string] => [
      dir === '' ? 'component' : `${dir}/`,
      [ref, type, whose].filter((part) => part !== undefined).join(', '),
    ]),
    ['note', stale],
  ];
  return table(
    rows.flatMap(([name, value]) => (value ? [[style('bold', printableLine(name)), printableLine(value)]] : [])),
  );
}

function listed(related: readonly Related[]): string {
  return related
    .map(({ ref, type, owner, dangling }) => {
      const more = [type, owner, dangling ? 'not in the catalog' : undefined].filter((part) => part !== undefined);
      return more.length > 0 ? `${ref} (${more.join(', ')})` : ref;
    })
    .join(', ');
}
