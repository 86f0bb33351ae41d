import type { AgentDocument } from '../../documents/document.ts';
import { paragraphsOf, sentencesOf } from '../prose/sentences.ts';
import type { Rule, World } from '../rule.ts';

interface Style {
  readonly what: string;
  readonly says: RegExp;
}

const STYLES: readonly Style[] = [
  {
    what: 'indentation',
    says: /\b(?:\d|two|four|eight)[- ]spaces?\b(?=.{0,40}\b(?:indent|tab)|[^\p{L}]*$| for \w+[^\p{L}]*$)|\bindent\w*\b.{0,40}\b(?:\d|two|four|tabs?|spaces)\b|\buse (?:hard )?tabs\b(?=[^\p{L}]*$| (?:for indent|to indent|not|instead|rather))|\btabs?,? (?:not|instead of|over) spaces\b|\bspaces,? (?:not|instead of|over) tabs\b/iu,
  },
  {
    what: 'quotes',
    says: /\b(?:single|double)[- ]quotes?\b(?= (?:for strings?|preferred|everywhere|only|in )|[^\p{L}]*$|,)(?!.{0,40}\b(?:prefix|shell|bash|argument|escape|json))/iu,
  },
  {
    what: 'semicolons',
    says: /\b(?:no|use|always|omit|with(?:out)?|add|avoid|never|require) (?:\w+ )?semicolons?\b|\bsemicolons? (?:at|are|always|required|only)\b/i,
  },
  { what: 'trailing commas', says: /\btrailing commas?\b/i },
  {
    what: 'line length',
    says: /\b(?:line (?:length|width)s?|max(?:imum)? line|columns? (?:limit|wide)|characters? per line|chars? per line|lines? (?:under|below|at most|to|shorter than|within) \d{2,3}|wrap(?:ped)? (?:lines )?at \d{2,3})\b/i,
  },
  {
    what: 'the order of imports',
    says: /\b(?:sort|order|alphabeti[sz]e)(?:ed)? (?:the |your |all )?imports?\b|\bimports? (?:are |must be |should be )?(?:sorted|ordered|alphabeti[sz]ed)\b/i,
  },
  {
    what: 'white space',
    says: /\btrailing (?:white ?space|spaces)\b|\b(?:new ?line|blank line|line break) at (?:the )?(?:end of (?:the |each |every )?file|EOF)\b/i,
  },
  {
    what: 'braces',
    says: /\b(?:opening|closing|curly) brac(?:e|ket)s? on (?:the )?(?:same|next|new|own|their own) lines?\b/i,
  },
];

/** Formatters leave no choice in these; a linter may. */
const LINTERS_OF_STYLE =
  /^(?:eslint|rubocop|standard(?:rb)?|biome|ruff|ktlint|swiftlint|checkstyle|php-?cs(?:-?fixer)?|phpcs|stylelint|dprint|oxlint)$/i;
/** These break no lines and leave strings and imports as they are. */
const LEAVES_LINES = /^(?:gofmt|gofumpt|goimports|terraform|tofu|editorconfig)/i;
const INDENTS = new Set(['indentation', 'white space', 'braces']);

/** A sentence that says more: the tool, an exception, where it does not hold. */
const SAYS_MORE =
  /\b(?:enforce\w*|automatic\w*|format(?:s|ter|ters)\b|lint\w*|except|unless|\w*config\w*|because|comments?|literal|shell|bash|escap\w*|arguments?|to show|markdown|docs?|documentation|hard limit)/i;

/** A rule that a machine keeps needs no reader. */
export const lintEnforcedStyle: Rule = {
  id: 'AMD309',
  name: 'lint-enforced-style',
  severity: 'info',
  title: 'A line tells a style that the configured formatter or linter enforces.',
  why: 'The tool keeps it without anybody’s attention, and its configuration says it where it cannot go stale.',
  source: 'https://www.humanlayer.dev/blog/writing-a-good-claude-md',
  *check(document, world) {
    let tools: readonly string[] | undefined;
    for (const { text, piece, within } of paragraphsOf(document)) {
      if (within === 'cell' || within === 'quote' || text.length > LONGEST) continue;
      const style = styleOf(text);
      if (!style) continue;
      tools ??= stylists(document, world);
      if (tools.some((tool) => text.toLowerCase().includes(tool.toLowerCase()))) continue;
      const tool = tools.find((each) => INDENTS.has(style) || !LEAVES_LINES.test(each));
      if (tool === undefined) continue;
      yield {
        at: piece,
        severity: 'info',
        message: `${tool} is configured here and keeps ${style}: say which command formats, and drop the rule`,
      };
    }
  },
};

const LONGEST = 200;

function styleOf(text: string): string | undefined {
  for (const sentence of sentencesOf(text)) {
    const style = SAYS_MORE.test(sentence) ? undefined : STYLES.find(({ says }) => says.test(sentence));
    if (style) return style.what;
  }
  return undefined;
}

function stylists({ dir }: AgentDocument, { survey }: World): readonly string[] {
  const near = survey.facts.facts.filter(
    (fact) => fact.dir === '' || fact.dir === dir || dir.startsWith(`${fact.dir}/`),
  );
  return [
    ...near.filter(({ key }) => key === 'formatter'),
    ...near.filter(({ key, value }) => key === 'linter' && LINTERS_OF_STYLE.test(value)),
  ].map(({ value }) => value);
}
