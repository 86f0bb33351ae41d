import type { Composed, Item, Omitted } from './item.ts';
import type { Documents } from './readme.ts';
import { renderedSize } from './render.ts';

export interface Limits {
  readonly maxLines: number;
  /** Bytes of UTF-8. */
  readonly maxBytes: number;
}

/**
 * The gates every bullet passes before it may be written: it has evidence, it says what the repository's own documents
 * do not say already (commands excepted), and the file stays within its limits, the least valuable bullets going first.
 */
export function ground(composed: Composed, documents: Documents, limits: Limits): Composed {
  const omitted: Omitted[] = [...composed.omitted];
  const passed: Item[] = [];
  for (const item of composed.items) {
    const said = item.kind === 'prose' ? documents.saying(item.text) : undefined;
    if (item.evidence.length === 0 && item.kind !== 'catalog') omitted.push({ ...item, reason: 'nothing proves it' });
    else if (said)
      omitted.push({ text: item.text, reason: `${said.path}:${said.line} says it`, evidence: item.evidence });
    else passed.push(item);
  }
  while (passed.length > 1 && exceeds(passed, limits)) {
    const least = passed.reduce((a, b) => (b.worth < a.worth ? b : a));
    passed.splice(passed.indexOf(least), 1);
    omitted.push({ text: least.text, reason: 'the file would be too long', evidence: least.evidence });
  }
  return { items: passed, omitted: omitted.map(({ text, reason, evidence }) => ({ text, reason, evidence })) };
}

/** Whether the file would be too long. */
export function exceeds(items: readonly Item[], limits: Limits): boolean {
  const { lines, bytes } = renderedSize(items);
  return lines > limits.maxLines || bytes > limits.maxBytes;
}
