import type { Agent } from '../../models/agents/agent.ts';
import { asData } from '../../models/tools/index.ts';
import { type FilePatch, isShared, NUMBERS, shownPatches } from '../context/shared.ts';
import { CATEGORIES, citationOf, type Finding } from '../findings/finding.ts';
import type { Unnamed } from '../findings/fingerprint.ts';
import type { PromptSection } from '../plugins/plugin.ts';
import { sectionsText } from '../plugins/sections.ts';
import type { Earlier } from './memory.ts';
import { DEFECTS, specialistFor } from './ownership.ts';
import type { Seat } from './roster.ts';

/** Of the patches of a large change that one agent is shown, in characters; the rest it gets with the tool `patch`. */
const MOST_OF_ONES_OWN = 48_000;

/** What one agent alone is told: its task, what is its own in this review, what plugins add for it, and of a large change its patches. */
export function ownPrompt({
  seat,
  sections,
  computed,
  earlier,
  unchanged,
  patches,
  seats,
  agents,
}: {
  readonly seat: Seat;
  /** All who are asked. */
  readonly seats: readonly Seat[];
  /** All that there are, asked or not. */
  readonly agents: readonly Agent[];
  readonly sections: readonly PromptSection[];
  /** What a program found already. */
  readonly computed: readonly Finding[];
  /** What it reported of an earlier state of the change. */
  readonly earlier: readonly Earlier[];
  /** Files that were reviewed as they are, if there are any. */
  readonly unchanged: ReadonlySet<string>;
  /** Of the whole change. */
  readonly patches: readonly FilePatch[];
}): string {
  const { agent, files } = seat;
  const mine = new Set(files.map(({ path }) => path));
  return [
    agent.prompt.trim(),
    withOthers(seat, seats),
    ...inheritance(seat, agents),
    ...(sections.length === 0 ? [] : [sectionsText(sections)]),
    ...(computed.length === 0
      ? ['A program looked for what can be computed, and found nothing.']
      : [
          'A program has found these already. They are told to the author; do not repeat them:',
          asData('computed findings', computed.map((each, at) => findingLine(`C${at + 1}`, each)).join('\n')),
        ]),
    ...(earlier.length === 0
      ? []
      : [
          'You reported these before the last push. Report again, with its name as `known`, what is still so, at the place where it stands now; leave out what is mended:',
          asData('earlier findings', earlier.map(({ name, finding }) => findingLine(name, finding)).join('\n')),
        ]),
    ...(unchanged.size === 0
      ? []
      : [
          'Since your last review only these files changed. Report what is wrong in them, or what their change broke elsewhere; the others stand as you saw them:',
          asData('changed since', files.map(({ path }) => JSON.stringify(path)).join('\n')),
        ]),
    ...(isShared(patches)
      ? []
      : [
          `The patches of the files that are your business. ${NUMBERS}`,
          ...shownPatches(
            patches.filter(({ path }) => mine.has(path)),
            MOST_OF_ONES_OWN,
          ),
        ]),
  ].join('\n\n');
}

function withOthers({ agent }: Seat, all: readonly Seat[]): string {
  const others = all.filter((seat) => seat.agent.name !== agent.name).map(asOther);
  if (others.length === 0) return 'You are the only reviewer of this change.';
  return `Besides you these reviewers look at this change: ${others.join(', ')}.`;
}

function asOther({ agent: { name }, owns }: Seat): string {
  const inherited = owns.filter((category) => specialistFor(category) !== name);
  return inherited.length === 0 ? name : `${name} (for ${inherited.join(' and ')} as well)`;
}

/** What is one's own in this review, as those are told of it who usually look for it. */
function inheritance({ agent, owns }: Seat, agents: readonly Agent[]): readonly string[] {
  const inherited = owns.filter((category) => specialistFor(category) !== agent.name);
  // The generalist's task says so itself.
  if (inherited.length === 0 || owns.length === CATEGORIES.length) return [];
  const prompts = new Map(agents.map(({ name, prompt }) => [name, prompt]));
  const lines = inherited.map((category) => {
    const task = (prompts.get(specialistFor(category)) ?? '').replace(/^#.*$/m, '').trim();
    return `## Category \`${category}\`: ${DEFECTS[category]}${task === '' ? '' : `\n\n${task}`}`;
  });
  return [
    `In this review nobody else looks for these defects, so they are yours as well, under their own category.\n\n${lines.join('\n\n')}`,
  ];
}

/** What the coordinator is told: the findings by their names, and what is doubtful about each. */
export function judgePrompt({
  prompt,
  sections,
  found,
  computed,
  unasked,
}: {
  readonly prompt: string;
  readonly sections: readonly PromptSection[];
  readonly found: readonly { readonly name: string; readonly finding: Unnamed }[];
  readonly computed: readonly Finding[];
  /** Agents that did not end well: nobody looked at what they were to look at. */
  readonly unasked: readonly string[];
}): string {
  return [
    prompt.trim(),
    ...(sections.length === 0 ? [] : [sectionsText(sections)]),
    ...(unasked.length === 0 ? [] : [`These reviewers gave no answer: ${unasked.join(', ')}.`]),
    'Findings of the reviewers. Every one of them must be in `kept` or in `dropped`, by its name:',
    asData('findings', found.map(({ name, finding }) => findingLine(name, finding)).join('\n')),
    ...(computed.length === 0
      ? []
      : [
          'Findings that a program computed. They stand; name them only for a risk or a pattern:',
          asData('computed findings', computed.map((each, at) => findingLine(`C${at + 1}`, each)).join('\n')),
        ]),
  ].join('\n\n');
}

/** In characters: enough to see whether it is right. */
const MOST_OF_A_REPLACEMENT = 1000;

/** One JSON object on a line: whoever wrote its texts, they cannot leave it. */
function findingLine(name: string, finding: Unnamed | Finding): string {
  const { agent, severity, category, path, side, line, endLine, quote, title, detail, evidence, rules, suggestion } =
    finding;
  const proofs = evidence.map((proof) => `${proof.path}:${proof.line}${proof.side === 'old' ? ' (old)' : ''}`);
  const place = `${path}:${line}${endLine > line ? `-${endLine}` : ''}${side === 'old' ? ' (old)' : ''}`;
  return JSON.stringify({
    name,
    ...{ agent, severity, category, place, quote: quote.slice(0, 300), title, detail },
    ...(proofs.length > 0 ? { evidence: proofs } : {}),
    ...(rules.length > 0 ? { rules: rules.map(citationOf) } : {}),
    ...(suggestion === null ? {} : { replacement: suggestion.slice(0, MOST_OF_A_REPLACEMENT) }),
  });
}
