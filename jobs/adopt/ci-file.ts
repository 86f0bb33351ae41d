import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import {
  type CiDocument,
  componentsIn,
  isReferredTo,
  keyOf,
  lineAt,
  parseCiFile,
  type Shape,
  shapeOf,
} from './ci-document.ts';
import { flowEdits, listEdits, mappingEdits, type Splice, scalarEdits, topEdits } from './ci-splices.ts';
import { isSameComponent } from './component.ts';

/** Where GitLab looks for a project's pipeline, unless the project says otherwise. */
export const CI_FILE = '.gitlab-ci.yml';

/** What becomes of a CI file that shall include a component. */
export type CiEdit =
  /** It does, in this version. */
  | { readonly kind: 'included'; readonly version: string }
  | {
      readonly kind: 'edited';
      readonly text: string;
      /** One more item of the list; a list made of the one include that was there; the first include; the whole file. */
      readonly how: 'item' | 'list' | 'first' | 'file';
      readonly splices: readonly Splice[];
    }
  /** It is left alone; `reason` goes on after "it": "it is not valid YAML". */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Adds one include to a CI file, by its text: all else keeps its bytes. The result is parsed again, and holds what the
 * file held and that include, or it is refused.
 *
 * @param text without a byte order mark; `null` where there is no file.
 */
export function addInclude(text: string | null, ref: string): CiEdit {
  if (text === null) return edited('', [{ at: 0, length: 0, insert: `include:\n  - component: ${ref}\n` }], 'file');
  const parsed = parseCiFile(text);
  if (typeof parsed === 'string') return { kind: 'refused', reason: parsed };
  const known = includedVersion(parsed, ref);
  if (known !== undefined) return { kind: 'included', version: known };
  const planned = planOf(text, parsed, ref);
  if (typeof planned === 'string') return { kind: 'refused', reason: planned };
  const result = edited(text, planned.splices, planned.how);
  return isAsMeant(parsed, result.text, ref)
    ? result
    : { kind: 'refused', reason: 'it is written in a way that an include cannot safely be added to' };
}

function edited(text: string, splices: readonly Splice[], how: (CiEdit & { kind: 'edited' })['how']) {
  let result = text;
  for (const { at, length, insert } of splices.toSorted((a, b) => b.at - a.at))
    result = result.slice(0, at) + insert + result.slice(at + length);
  return { kind: 'edited' as const, text: result, how, splices };
}

function includedVersion(parsed: CiDocument, ref: string): string | undefined {
  const found = componentsIn(parsed).find((each) => isSameComponent(each, ref));
  return found?.slice(found.lastIndexOf('@') + 1);
}

interface Plan {
  readonly splices: readonly Splice[];
  readonly how: 'item' | 'list' | 'first';
}

function planOf(text: string, { document, root, include }: CiDocument, ref: string): Plan | string {
  if (include === undefined) {
    const splices = topEdits(text, document, root, ref);
    return typeof splices === 'string' ? `it ${splices}` : { splices, how: 'first' };
  }
  const value = include.value as Node | null;
  const where = `its include (line ${lineAt(text, (include.key as Node).range?.[0] ?? 0)})`;
  const bound = boundTo(document, value);
  if (bound !== undefined) return `${where} ${bound}`;
  const isJson = root?.flow === true;
  const splices = splicesOf(text, include, value, ref, isJson);
  if (typeof splices === 'string') return `${where} ${splices}`;
  return { splices, how: isSeq(value) ? 'item' : isEmpty(value) ? 'first' : 'list' };
}

/** Why a value cannot be changed without changing something else, too. */
function boundTo(document: Document, value: Node | null): string | undefined {
  if (isAlias(value)) return 'is an alias of another value';
  if (value?.tag?.startsWith('!') && !value.tag.startsWith('!!')) return `has the tag ${value.tag}`;
  const { anchor } = (value ?? {}) as { readonly anchor?: string };
  if (anchor !== undefined && isReferredTo(document, anchor)) return 'has an anchor that is used elsewhere';
  return undefined;
}

function splicesOf(
  text: string,
  include: Pair,
  value: Node | null,
  ref: string,
  isJson: boolean,
): readonly Splice[] | string {
  if (isSeq(value))
    return value.flow ? flowEdits(value as YAMLSeq, ref, isJson) : listEdits(text, value as YAMLSeq, ref);
  if (isMap(value))
    return value.flow ? flowEdits(value as YAMLMap, ref, isJson) : mappingEdits(text, value as YAMLMap, ref);
  return scalarEdits(text, include, isScalar(value) ? value : null, ref, isJson);
}

function isEmpty(value: Node | null): boolean {
  return value === null || (isScalar(value) && value.value === null);
}

/** The new text says what the old one said, and the include. */
function isAsMeant(before: CiDocument, text: string, ref: string): boolean {
  const after = parseCiFile(text);
  if (typeof after === 'string' || after.root === null) return false;
  try {
    return JSON.stringify(shapeOf(after.root)) === JSON.stringify(expected(before, ref));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function expected({ root, include }: CiDocument, ref: string): Shape {
  const plain = (value: string): Shape => ({ tag: '', anchor: '', value: `string ${value}` });
  const item: Shape = { tag: '', anchor: '', map: [{ key: plain('component'), value: plain(ref) }] };
  const list = (items: readonly Shape[], of?: Node | null): Shape => {
    const { tag = '', anchor = '' } = (isSeq(of) ? of : {}) as { readonly tag?: string; readonly anchor?: string };
    return { tag, anchor, list: [...items, item] };
  };
  if (root === null) return { tag: '', anchor: '', map: [{ key: plain('include'), value: list([]) }] };
  const { tag = '', anchor = '' } = root;
  if (include === undefined)
    return { tag, anchor, map: [{ key: plain('include'), value: list([]) }, ...root.items.map(shapeOf)] };
  const value = include.value as Node | null;
  const before = isSeq(value) ? value.items.map(shapeOf) : isEmpty(value) ? [] : [shapeOf(value)];
  return {
    tag,
    anchor,
    map: root.items.map((pair) =>
      keyOf(pair) === 'include' ? { key: shapeOf(pair.key), value: list(before, value) } : shapeOf(pair),
    ),
  };
}
