import type { ComponentContext, Related, RepositoryContext } from '../../catalog/model.ts';
import type { Item } from '../item.ts';
import { code, list } from '../markdown.ts';

/** Bullets of the catalog have keys of their own: `catalog.owner`. */
export const CATALOG_KEY = 'catalog.';

/** Named in one bullet; of the others only how many. */
const MOST = 6;

/**
 * What the software catalog knows and the repository does not show: who owns it, what it rests on, and who a change reaches.
 * Only names, kinds and owners are said, whose grammar the catalog checks; never a title or a description, which are
 * anybody's free text.
 */
export function dependencyItems(context: RepositoryContext | undefined, file: string): readonly Item[] {
  if (context === undefined) return [];
  const apis = context.providesApis.filter(isNamed);
  const own = new Set(context.components.map(({ ref }) => ref));
  const outside = (related: readonly Related[]): readonly Related[] =>
    related.filter((each) => isNamed(each) && !own.has(each.ref));
  const needs = outside(context.dependsOn);
  const users = outside(context.dependencyOf);
  const uses = outside(context.consumesApis);
  const bullets = [
    { key: 'owner', worth: 26, text: ownerText(context) },
    { key: 'depends-on', worth: 46, text: needs.length > 0 && `Depends on ${names(needs)}` },
    { key: 'consumes', worth: 44, text: uses.length > 0 && `Calls the ${plural(uses, 'API')} ${names(uses)}` },
    {
      key: 'provides',
      worth: 47,
      text:
        apis.length > 0 &&
        `Provides the ${plural(apis, 'API')} ${names(apis)}${callers(outside(context.apiConsumers ?? []))}`,
    },
    { key: 'used-by', worth: 45, text: users.length > 0 && `Used by ${names(users)}` },
  ].flatMap(({ key, worth, text }) => (text ? [itemOf(file, key, text, worth)] : []));
  const components = context.components.filter(({ dir }) => dir !== '').filter(isPlain);
  return [...bullets, ...components.slice(0, MOST).map((component, at) => componentItem(component, file, at))];
}

function callers(related: readonly Related[]): string {
  return related.length === 0 ? '' : `, called by ${names(related)}`;
}

function ownerText({ owner, system, lifecycle, tier }: RepositoryContext): string | undefined {
  if (owner === undefined || !isPlainRef(owner)) return undefined;
  const more = [
    system !== undefined && isPlainRef(system) && `part of the system ${shortName(system)}`,
    lifecycle !== undefined && isWord(lifecycle) && `lifecycle ${lifecycle}`,
    tier !== undefined && isWord(tier) && `tier ${tier}`,
  ].filter((part) => part !== false);
  return [`Owned by ${shortName(owner)}`, ...more].join(', ');
}

function componentItem({ ref, dir, type, owner }: ComponentContext, file: string, at: number): Item {
  const what = type !== undefined && isWord(type) ? ` (${type})` : '';
  const whose = owner !== undefined && isPlainRef(owner) ? `, owned by ${shortName(owner)}` : '';
  return itemOf(file, 'component', `${code(`${dir}/`)} is ${shortName(ref)}${what}${whose}`, 43 - at / 100);
}

function itemOf(file: string, key: string, text: string, worth: number): Item {
  return { file, section: 'Dependencies', key: `${CATALOG_KEY}${key}`, text, evidence: [], kind: 'catalog', worth };
}

function names(related: readonly Related[]): string {
  const shown = related.slice(0, MOST).map(({ ref, kind, type, owner }) => {
    const what = kind === 'Component' ? undefined : type !== undefined && isWord(type) ? type : undefined;
    const whose = owner !== undefined && isPlainRef(owner) ? `of ${shortName(owner)}` : undefined;
    const note = [what, whose].filter((part) => part !== undefined).join(' ');
    return note === '' ? shortName(ref) : `${shortName(ref)} (${note})`;
  });
  return related.length > MOST ? `${shown.join(', ')} and ${related.length - MOST} more` : list(shown);
}

function plural(related: readonly Related[], word: string): string {
  return related.length === 1 ? word : `${word}s`;
}

/** `group:default/payments` is `payments`; another namespace than `default` is said. */
function shortName(ref: string): string {
  return ref.replace(/^[^:]*:(?:default\/)?/, '');
}

function isNamed({ ref, dangling }: Related): boolean {
  return dangling !== true && isPlainRef(ref);
}

function isPlain({ ref, dir }: ComponentContext): boolean {
  return isPlainRef(ref) && /^[\w.@+-]+(?:\/[\w.@+-]+)*$/.test(dir);
}

/** The catalog's own grammar of references; whatever else stands there came past it. */
function isPlainRef(ref: string): boolean {
  return /^[a-z]+:[a-z0-9][a-z0-9_.-]{0,62}\/[a-z0-9][a-z0-9_.-]{0,62}$/i.test(ref);
}

function isWord(text: string): boolean {
  return /^[a-z0-9][a-z0-9_.+-]{0,30}(?: [a-z0-9_.+-]{1,20})?$/i.test(text);
}
