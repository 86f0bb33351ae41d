import { visible } from '../../forge/render/visible.ts';
import { asData } from '../../models/tools/index.ts';
import type { PromptSection } from '../plugins/plugin.ts';
import { sectionsText } from '../plugins/sections.ts';
import type { Talk } from './open.ts';

/** In characters, of one comment. */
const MOST_OF_A_COMMENT = 2000;
/** Of a thread, the last ones. */
const MOST_COMMENTS = 5;
/** In characters. */
const MOST_OF_CODE = 4000;

/** What the agent for replies is told: each talk by its name, with its finding, the lines around it, and what was said. */
export function talkPrompt({
  prompt,
  sections,
  talks,
  lines,
}: {
  readonly prompt: string;
  readonly sections: readonly PromptSection[];
  readonly talks: readonly Talk[];
  /** The lines around a finding, by the note of its talk. */
  readonly lines: ReadonlyMap<string, string>;
}): string {
  return [
    prompt.trim(),
    ...(sections.length === 0 ? [] : [sectionsText(sections)]),
    ...talks.flatMap((talk, at) => entry(`T${at + 1}`, talk, lines.get(talk.note))),
  ].join('\n\n');
}

function entry(name: string, { finding, said }: Talk, lines: string | undefined): readonly string[] {
  const comments = said.slice(-MOST_COMMENTS).map(({ author, body }) => ({
    by: author.username,
    said: visible(body).slice(0, MOST_OF_A_COMMENT),
  }));
  const words = asData(`${name} comments`, comments.map((each) => JSON.stringify(each)).join('\n'));
  if (finding === null) return [`## ${name}: a question elsewhere in the merge request`, words];
  const { severity, category, path, line, title, detail, quote, computed } = finding;
  const told = { severity, category, place: `${path}:${line}`, title, detail, quote: quote.slice(0, 300) };
  const by = computed ? 'which a program computed' : 'of a reviewer';
  return [
    `## ${name}: an answer to a finding ${by}`,
    asData(`${name} finding`, visible(JSON.stringify(told))),
    ...(lines === undefined ? [] : [asData(`${name} lines around it`, lines.slice(0, MOST_OF_CODE))]),
    words,
  ];
}
