import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code, list } from '../markdown.ts';

const MOST_PATHS = 6;

/** What nobody edits by hand. */
export function boundaryItems(facts: readonly Fact[], file: string): Composed {
  const items: Item[] = [];
  const omitted: Omitted[] = [];
  const generated = facts.filter(({ key }) => key === 'generated');
  const how = facts.find(({ key, dir, source }) => key === 'command.generate' && dir === '' && source !== 'convention');
  if (generated.length > 0) {
    const again = how ? `; regenerate with ${code(how.value)}` : '';
    const evidence = [
      ...generated.slice(0, MOST_PATHS).flatMap((fact) => fact.evidence.slice(0, 1)),
      ...(how?.evidence.slice(0, 1) ?? []),
    ];
    items.push({
      file,
      section: 'Boundaries',
      key: 'generated',
      text: `Generated, never edit: ${paths(generated)}${again}`,
      evidence,
      kind: 'prose',
      worth: 70,
    });
  }
  const vendored = facts.filter(({ key }) => key === 'vendored');
  // The name of the folder says it: `vendor/`, `third_party/`.
  const obvious = vendored.filter(({ value }) =>
    /(^|\/)(vendor|vendored|third[_-]?party|node_modules)(\/|$)/.test(value),
  );
  for (const fact of obvious)
    omitted.push({ text: `vendored: ${fact.value}`, reason: 'the folder’s name says it', evidence: fact.evidence });
  const hidden = vendored.filter((fact) => !obvious.includes(fact));
  if (hidden.length > 0) {
    items.push({
      file,
      section: 'Boundaries',
      key: 'vendored',
      text: `Code of other projects, never edit: ${paths(hidden)}`,
      evidence: hidden.slice(0, MOST_PATHS).flatMap((fact) => fact.evidence.slice(0, 1)),
      kind: 'prose',
      worth: 48,
    });
  }
  return { items, omitted };
}

function paths(facts: readonly Fact[]): string {
  const shown = facts.slice(0, MOST_PATHS).map(({ value }) => code(value));
  return facts.length > MOST_PATHS ? `${shown.join(', ')} and ${facts.length - MOST_PATHS} more` : list(shown);
}
