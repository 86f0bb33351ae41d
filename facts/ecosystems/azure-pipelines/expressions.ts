import { Tree } from '../../parse/tree.ts';
import { conditionHolds, equalTo, type Known, ORDINARY, SOME, type Verdict } from '../ci-conditions.ts';
import type { Occasion } from '../ci-occasions.ts';

/** A value, the file it stands in, and what may be named there. */
export interface Placed {
  readonly tree: Tree;
  readonly path: string;
  readonly scope: Scope;
}

/** What expressions may name at a place. */
export interface Scope {
  /** By name in lower case: `parameters.x`, `variables.x`, a loop's variable. */
  readonly values: ReadonlyMap<string, Placed>;
  /** Template expressions are carried out before anything runs: for the occasion that says most. */
  readonly occasion: Occasion | undefined;
  /** How many values may still be looked at: loops in loops make a few lines describe very many. */
  readonly budget: { left: number };
}

/** A scope with more names. */
export function extended(scope: Scope, names: Iterable<readonly [string, Placed]>): Scope {
  return { ...scope, values: new Map([...scope.values, ...names]) };
}

const WHOLE = /^\s*\$\{\{([^{}]*)\}\}\s*$/;
const ANY = /\$\{\{([^{}]*)\}\}/g;
const DIRECTIVE = /^\s*\$\{\{\s*(if|elseif|else|each|insert)\b([^{}]*)\}\}\s*$/;
/** Lists of a template's parameters are short. */
const MAX_LOOP = 50;
const MAX_NESTING = 12;

/** The elements of a list with its template expressions carried out: `${{ if }}`, `${{ each }}`, lists of parameters. */
export function itemsOf(written: Placed, nesting = 0): readonly Placed[] {
  const list = resolved(written);
  if (nesting > MAX_NESTING || list === undefined) return [];
  const { budget } = list.scope;
  let before: Verdict = 'no';
  return list.tree.items().flatMap((tree) => {
    const item = resolved({ ...list, tree });
    if (item === undefined || budget.left-- <= 0) return [];
    // An expression that is a list takes the place of its elements.
    if (item.tree !== tree && item.tree.kind === 'list') return itemsOf(item, nesting + 1);
    const [key, value] = tree.entries()[0] ?? [];
    const directive = tree.entries().length === 1 && key !== undefined ? DIRECTIVE.exec(key) : null;
    if (directive === null || value === undefined) return [item];
    const body = { ...list, tree: value };
    if (directive[1] === 'each') {
      const scopes = turnsOf(directive[2] ?? '', list.scope, nesting) ?? [list.scope];
      return scopes.flatMap((scope) => itemsOf({ ...body, scope }, nesting + 1));
    }
    const verdict = chosen(directive, before, list.scope);
    before = verdict.chain;
    return verdict.in ? itemsOf(body, nesting + 1) : [];
  });
}

/** The entries of a map, those below its template expressions among them; later ones win. */
export function entriesOf(written: Placed, nesting = 0): ReadonlyMap<string, Placed> {
  const entries = new Map<string, Placed>();
  const map = resolved(written);
  if (map === undefined || nesting > MAX_NESTING) return entries;
  let before: Verdict = 'no';
  for (const [key, tree] of map.tree.entries()) {
    if (map.scope.budget.left-- <= 0) break;
    const value = { ...map, tree };
    const directive = DIRECTIVE.exec(key);
    if (directive === null) {
      entries.set(filledIn(key, map.scope), value);
      continue;
    }
    let scopes: readonly Scope[] = [map.scope];
    if (directive[1] === 'each') scopes = turnsOf(directive[2] ?? '', map.scope, nesting) ?? [];
    else {
      const verdict = chosen(directive, before, map.scope);
      before = verdict.chain;
      if (!verdict.in) continue;
    }
    for (const scope of scopes)
      for (const [name, each] of entriesOf({ ...value, scope }, nesting + 1)) entries.set(name, each);
  }
  return entries;
}

/** Whether a branch is taken, and whether the branches after it can be. */
function chosen(
  [, keyword, condition = '']: readonly string[],
  before: Verdict,
  scope: Scope,
): { readonly in: boolean; readonly chain: Verdict } {
  if (keyword === 'insert') return { in: true, chain: before };
  const own = keyword === 'else' ? 'yes' : mayHold(condition, scope.occasion, scope);
  if (keyword === 'if') return { in: own !== 'no', chain: own };
  return { in: before !== 'yes' && own !== 'no', chain: before === 'yes' ? 'yes' : own };
}

/** `step in parameters.steps`: what may be named in each turn; `undefined` where only a run knows the list. */
function turnsOf(clause: string, scope: Scope, nesting: number): readonly Scope[] | undefined {
  const [variable, word, of] = clause.trim().split(/\s+/);
  if (variable === undefined || word !== 'in' || of === undefined || nesting > MAX_NESTING) return undefined;
  const elements = of === 'parameters' ? parametersOf(scope) : elementsOf(named(of, scope), nesting);
  return elements?.slice(0, MAX_LOOP).map((element) => extended(scope, [[variable.toLowerCase(), element]]));
}

function elementsOf(written: Placed | undefined, nesting: number): readonly Placed[] | undefined {
  const over = written === undefined ? undefined : resolved(written);
  if (over === undefined) return undefined;
  if (over.tree.kind === 'list') return itemsOf(over, nesting + 1);
  return [...entriesOf(over, nesting + 1)].map(([key, value]) => ({ ...value, tree: pair(key, value.tree) }));
}

/** `each parameter in parameters`: all of a template's. */
function parametersOf({ values }: Scope): readonly Placed[] {
  const own = [...values].filter(([name]) => name.startsWith(PARAMETERS));
  return own.map(([name, value]) => ({ ...value, tree: pair(name.slice(PARAMETERS.length), value.tree) }));
}

export const PARAMETERS = 'parameters.';

function pair(key: string, value: Tree): Tree {
  const name = new Tree({ kind: 'scalar', line: value.keyLine, value: key });
  return new Tree({
    kind: 'map',
    line: value.line,
    entries: [
      ['key', name],
      ['value', value],
    ],
  });
}

/** What stands behind a text that is nothing but an expression; `undefined` where only a run knows. */
export function resolved(value: Placed, nesting = 0): Placed | undefined {
  const expression = value.tree.text === undefined ? undefined : WHOLE.exec(value.tree.text)?.[1];
  if (expression === undefined) return value;
  // What an expression names may be an expression where it was written.
  const behind = nesting < MAX_NESTING ? named(expression, value.scope, nesting + 1) : undefined;
  return behind === undefined ? undefined : resolved(behind, nesting + 1);
}

/** `parameters.x`, `parameters['x']`, `step.y`, `variables.x`. */
function named(expression: string, { values }: Scope, nesting = 0): Placed | undefined {
  const path = expression.replace(/\[\s*'([^']*)'\s*\]/g, '.$1').trim();
  if (!/^[\w.-]+$/.test(path)) return undefined;
  const parts = path.split('.');
  for (let length = Math.min(2, parts.length); length > 0; length--) {
    const found = values.get(parts.slice(0, length).join('.').toLowerCase());
    const root = found === undefined || parts.length === length ? found : resolved(found, nesting + 1);
    const tree = root?.tree.get(...parts.slice(length));
    if (root !== undefined && tree !== undefined) return { ...root, tree };
  }
  return undefined;
}

/** A text with the values it names put in, macros (`$(x)`) included; what only a run knows is left as an expression. */
export function filledIn(text: string, scope: Scope): string {
  if (!text.includes('$')) return text;
  return text
    .replace(ANY, (whole, expression: string) => oneLine(named(expression.trim(), scope)) ?? whole)
    .replace(/\$\(([\w.-]+)\)/g, (whole, name: string) => {
      if (SOURCES.has(name.toLowerCase())) return '.';
      const value = oneLine(scope.values.get(`variables.${name.toLowerCase()}`));
      // A name without a dot may be a command: `$(pwd)`.
      return value ?? (/[.A-Z]/.test(name) ? `\${{ ${name} }}` : whole);
    });
}

/** The folder the repository is checked out in, by its predefined names. */
const SOURCES = new Set(['build.sourcesdirectory', 'system.defaultworkingdirectory', 'build.repository.localpath']);

function oneLine(value: Placed | undefined): string | undefined {
  const text = value === undefined ? undefined : resolved(value)?.tree.text;
  return text === undefined || text.includes('\n') || text.includes('$') ? undefined : text;
}

/** Whether a condition may hold: on an occasion, or at all while the pipeline is put together. */
export function mayHold(condition: string | undefined, occasion: Occasion | undefined, scope: Scope): Verdict {
  if (condition === undefined) return 'yes';
  const text = filledIn(condition, scope).replace(/^\s*\$\{\{|\}\}\s*$/g, '');
  return conditionHolds(text, {
    nullIsEmpty: true,
    name: (name) => knownValue(name, occasion, scope),
    call: (name, values) => called(name, values),
  });
}

function knownValue(name: string, occasion: Occasion | undefined, scope: Scope): Known {
  const placed = named(name, scope);
  const value = placed === undefined ? undefined : (resolved(placed)?.tree ?? placed.tree);
  if (value !== undefined)
    return typeof value.value === 'boolean'
      ? value.value
      : value.text?.includes('$')
        ? undefined
        : (value.text ?? undefined);
  const variable = /^(?:variables\.)(.*)$/i.exec(name)?.[1]?.toLowerCase();
  return variable === undefined || occasion === undefined ? undefined : predefined(variable, occasion);
}

const REASONS: Readonly<Record<Occasion['trigger'], Known>> = {
  'merge-request': 'PullRequest',
  push: 'IndividualCI',
  release: 'IndividualCI',
  schedule: 'Schedule',
  manual: 'Manual',
  human: undefined,
};

/** https://learn.microsoft.com/azure/devops/pipelines/build/variables */
function predefined(name: string, { trigger, request, tag }: Occasion): Known {
  switch (name) {
    case 'build.reason':
      return REASONS[trigger];
    case 'build.sourcebranch':
      if (request) return 'refs/pull/1/merge';
      return tag === null ? `refs/heads/${SOME}default` : `refs/tags/${SOME}tag`;
    case 'build.sourcebranchname':
      return request ? ORDINARY : tag === null ? `${SOME}default` : tag;
    case 'system.pullrequest.pullrequestid':
      return request ? ORDINARY : null;
    case 'system.pullrequest.targetbranch':
      return request ? `${SOME}base` : null;
    case 'system.pullrequest.sourcebranch':
      return request ? ORDINARY : null;
    default:
      return undefined;
  }
}

function called(name: string, values: readonly Known[]): Known {
  const [first, second] = values;
  switch (name) {
    case 'always':
    case 'succeeded':
    case 'succeededorfailed':
      return true;
    case 'failed':
    case 'canceled':
      return false;
    case 'and':
      return values.some(isFalse) ? false : values.some((value) => value === undefined) ? undefined : true;
    case 'or':
      return values.some(isTrue) ? true : values.some((value) => value === undefined) ? undefined : false;
    case 'not':
      return first === undefined ? undefined : isFalse(first);
    case 'eq':
      return equalTo(asText(first), asText(second));
    case 'ne':
      return negated(equalTo(asText(first), asText(second)));
    case 'in':
      return anyOf(values.slice(1).map((value) => equalTo(asText(first), asText(value))));
    case 'notin':
      return negated(anyOf(values.slice(1).map((value) => equalTo(asText(first), asText(value)))));
    case 'startswith':
      return startsWith(first, second);
    default:
      return undefined;
  }
}

/** `True` and `true` are the same to a comparison. */
function asText(value: Known): Known {
  return typeof value === 'boolean' ? String(value) : value;
}

function isFalse(value: Known): boolean {
  return value === false || value === null || value === '';
}

function isTrue(value: Known): boolean {
  return value !== undefined && !isFalse(value);
}

function negated(value: Known): Known {
  return value === undefined ? undefined : isFalse(value);
}

function anyOf(values: readonly Known[]): Known {
  return values.some(isTrue) ? true : values.some((value) => value === undefined) ? undefined : false;
}

function startsWith(text: Known, start: Known): Known {
  if (text === null) return false;
  if (typeof text !== 'string' || typeof start !== 'string' || start.includes(SOME)) return undefined;
  const [known = ''] = text.toLowerCase().split(/[\uE000\uE001]/);
  const wanted = start.toLowerCase();
  if (known.startsWith(wanted)) return true;
  return text.includes(SOME) && wanted.startsWith(known) ? undefined : false;
}
