import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code, list } from '../markdown.ts';

const MOST_PATHS = 6;

/** What nobody edits by hand. */
export function boundaryItems(facts: readonly Fact[], file: string): Composed {
  const items: Item[] = [];
  const omitted: Omitted[] = [];
  const all = facts.filter(({ key }) => key === 'generated');
  // `*.svg linguist-generated` is about statistics: people do edit such files.
  const generated = all.filter(({ value }) => !/^(?:\*\*\/)?\*\.\w+$/.test(value));
  for (const fact of all) {
    if (!generated.includes(fact))
      omitted.push({
        text: `generated: ${fact.value}`,
        reason: 'a whole file type: people edit those',
        evidence: fact.evidence,
      });
  }
  if (generated.length > 0) {
    const how = generated.length === 1 ? quotedCommand(generated[0]!, facts) : undefined;
    const again = how ? `; regenerate with ${code(how.value)}` : '';
    items.push({
      file,
      section: 'Boundaries',
      key: 'generated',
      text: `Generated, never edit: ${paths(generated)}${again}`,
      evidence: generated.slice(0, MOST_PATHS).flatMap((fact) => fact.evidence.slice(0, 1)),
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

/** The command that the generated file itself says it was made with. */
function quotedCommand(generated: Fact, facts: readonly Fact[]): Fact | undefined {
  const here = new Set(generated.evidence.map(({ path }) => path));
  return facts.find(({ key, evidence }) => key === 'command.generate' && evidence.some(({ path }) => here.has(path)));
}

function paths(facts: readonly Fact[]): string {
  const shown = facts.slice(0, MOST_PATHS).map(({ value }) => code(value));
  return facts.length > MOST_PATHS ? `${shown.join(', ')} and ${facts.length - MOST_PATHS} more` : list(shown);
}
