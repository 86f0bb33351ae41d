import { LineIndex } from '../../facts/parse/lines.ts';
import { parseGfm, parserTrap } from '../../facts/parse/markdown.ts';
import type { AgentDocument } from './document.ts';

/** A text as an agent document; AGENTS.md of the root unless told. For texts that stand in no repository too. */
export function documentOf(
  text: string,
  place: Partial<Pick<AgentDocument, 'path' | 'aliases' | 'kind' | 'dir' | 'faithful'>> = {},
): AgentDocument {
  const unparsed = parserTrap(text);
  return {
    path: 'AGENTS.md',
    aliases: [],
    kind: 'agents',
    dir: '',
    faithful: true,
    ...place,
    text,
    lines: new LineIndex(text),
    tree: unparsed === undefined ? parseGfm(text) : { type: 'root', children: [] },
    ...(unparsed === undefined ? {} : { unparsed }),
  };
}
