import type { Change, ListedAgent, ListedClass, ListedProvider, ModelsListing } from './models-listing.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** What is known of the remote configuration. */
export interface RemoteState {
  readonly url: string;
  /** Why it could not be had, or is refused. */
  readonly problem: string | null;
}

export function modelsListText(listing: ModelsListing, remote: RemoteState | null, style: Output['style']): string {
  const { providers, models, tiers, agents, classes, changes } = listing;
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    `${style('bold', title)}\n${table(
      rows.map((row) => row.map(printableLine)),
      '  ',
    )}`;
  return [
    section('providers', providers.map(providerRow)),
    section('models', [
      ['', 'context', 'answer', 'in / cached / out per million', 'answers by', 'tools', 'family'],
      ...models.map(({ name, context, output, price, structured, tools, family }) => [
        name,
        count(context),
        count(output),
        price ? [price.input, price.cached ?? price.input, price.output].join(' / ') : 'unknown',
        structured,
        tools ? 'yes' : 'no',
        family || 'its own',
      ]),
    ]),
    section(
      'tiers',
      Object.entries(tiers).map(([tier, chain]) => [tier, chainText(chain)]),
    ),
    ...(agents.length > 0 ? [section('agents', agents.map(agentRow))] : []),
    section('data', classes.map(classRow)),
    ...(remote ? [section('remote configuration', remoteRows(remote, changes))] : []),
  ].join('\n');
}

function providerRow(provider: ListedProvider): readonly string[] {
  const { name, baseUrl, enabled, key, classes, zeroRetention, concurrency } = provider;
  return [
    name,
    baseUrl,
    key === null ? 'no key' : `${key.env} is ${key.present ? 'set' : 'missing'}`,
    `${concurrency} at a time`,
    zeroRetention ? 'store: false' : 'may store',
    `${enabled ? '' : 'switched off; '}sees ${list(classes)}`,
  ];
}

function agentRow({ name, tier, model, chain }: ListedAgent): readonly string[] {
  if (model !== undefined) return [name, 'model', chainText(chain)];
  return tier === undefined ? [name, '', 'as its task says'] : [name, tier, chainText(chain)];
}

function classRow({ class: name, groups, tags, otherwise, providers }: ListedClass): readonly string[] {
  const about = [
    ...(groups.length > 0 ? [`in ${list(groups)}`] : []),
    ...(tags.length > 0 ? [`tag ${list(tags)}`] : []),
  ];
  const who = providers.length > 0 ? list(providers) : 'nobody';
  return [name, otherwise ? 'every other project' : about.join('; ') || 'no project', `seen by ${who}`];
}

function remoteRows({ url, problem }: RemoteState, changes: readonly Change[]): readonly (readonly string[])[] {
  if (problem !== null) return [[url, problem]];
  if (changes.length === 0) return [[url, 'changes nothing now']];
  return [[url], ...changes.map(({ setting, from, to }) => [setting, `${value(from)} -> ${value(to)}`])];
}

function value(of: unknown): string {
  return typeof of === 'string' ? of : JSON.stringify(of);
}

function chainText(chain: readonly string[]): string {
  return chain.length === 0 ? 'none: its providers are switched off' : chain.join(' -> ');
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

function count(tokens: number): string {
  return tokens.toLocaleString('en');
}
