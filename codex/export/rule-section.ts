import { fenced } from '../fence.ts';
import type { Example, Rule, Scope } from '../rule.ts';
import { embed, embedLine } from './embed.ts';

/**
 * How much of a rule is told. `full`: text and examples. `text`: no examples. `brief`: the first paragraph. `title`: only
 * what it asks.
 */
export const DETAILS = ['full', 'text', 'brief', 'title'] as const;
export type Detail = (typeof DETAILS)[number];

/** Characters of one rule; what is longer is cut. About 6,000 tokens: a page holds it with room to spare. */
const LONGEST = 24_000;
const LONGEST_WHEN = 400;
/** Characters of the line that says where a rule applies; assets/index.json has all of it. */
const LONGEST_WHERE = 120;
const LONGEST_GLOB = 40;
/** Room for `; not in 12 globs`. */
const SHORTEST_LIST = 18;
/** The first good example shows the right way; others mostly prove that the check knows its exceptions. */
const MOST_BAD = 2;
const MOST_GOOD = 1;

export interface RuleSection {
  readonly text: string;
  /** Whether the rule is longer than a page may be, and was cut. */
  readonly cut: boolean;
}

/** A rule as a section of a page, under a heading that begins with its ID. `url`: where it can be read whole. */
export function ruleSection(rule: Rule, detail: Detail, url: string | undefined): RuleSection {
  const trial = rule.status === 'trial' ? ' (on trial)' : '';
  const head = [`### ${rule.id}: ${embedLine(rule.title)}`, '', `- Level: ${rule.level}${trial}`];
  if (rule.when !== undefined) head.push(`- When: ${embedLine(cutText(rule.when, LONGEST_WHEN))}`);
  const scope = detail === 'title' ? '' : scopeLine(rule.appliesTo);
  if (scope !== '') head.push(`${WHERE}${scope}`);
  const foot = sourceLine(rule, url);
  const body = detail === 'title' ? '' : embed(detail === 'brief' ? firstParagraph(rule.body) : rule.body);
  const parts = [head.join('\n'), body];
  if (rule.check?.kind === 'model' && detail !== 'title') parts.push(`Ask: ${embedLine(rule.check.ask)}`);
  if (detail === 'full')
    parts.push(
      ...rule.examples.bad.slice(0, MOST_BAD).map((one) => exampleText('Bad', one)),
      ...rule.examples.good.slice(0, MOST_GOOD).map((one) => exampleText('Good', one)),
    );
  const whole = [...parts, foot].filter((part) => part !== '').join('\n\n');
  if (whole.length <= LONGEST) return { text: whole, cut: false };
  const short = [
    parts[0]!,
    embed(cutText(rule.body, LONGEST - parts[0]!.length - foot.length - 200)),
    '(Cut: the codex has more.)',
    foot,
  ];
  const text = short.filter((part) => part !== '').join('\n\n');
  if (text.length <= LONGEST) return { text, cut: true };
  return { text: [parts[0]!.slice(0, LONGEST - 1000), '(Cut: the codex has more.)'].join('\n\n'), cut: true };
}

const WHERE = '- Where: ';

/** Where the rule applies, in words; nothing where that is everywhere. Paths come before what is left out, as far as there is room. */
function scopeLine({ languages, frameworks, paths, notPaths, catalog }: Scope): string {
  const lists = [
    { lead: '', entries: languages.map(embedLine), between: ', ', noun: 'language' },
    { lead: 'with ', entries: frameworks.map(embedLine), between: ' or ', noun: 'framework' },
    ...Object.entries(catalog).map(([field, values]) => ({
      lead: `${embedLine(field)} `,
      entries: values.map(embedLine),
      between: ' or ',
      noun: 'value',
    })),
    { lead: 'in ', entries: paths.map(shortGlob).map(codeSpan), between: ', ', noun: 'glob' },
    { lead: 'not in ', entries: notPaths.map(shortGlob).map(codeSpan), between: ', ', noun: 'glob' },
  ].filter(({ entries }) => entries.length > 0);
  const line: string[] = [];
  for (const [at, { lead, entries, between, noun }] of lists.entries()) {
    const kept = SHORTEST_LIST * (lists.length - at - 1);
    const room = LONGEST_WHERE - WHERE.length - line.join('; ').length - '; '.length - lead.length - kept;
    line.push(`${lead}${listed(entries, room, between, noun)}`);
  }
  return line.join('; ');
}

/** As many as there is room for, and how many more there are. */
function listed(entries: readonly string[], room: number, between: string, noun: string): string {
  const count = (number: number, more: string): string => `${number} ${more}${noun}${number === 1 ? '' : 's'}`;
  for (let shown = entries.length; shown > 0; shown--) {
    const rest = entries.length - shown;
    const text = entries.slice(0, shown).join(between) + (rest === 0 ? '' : ` and ${count(rest, 'more ')}`);
    if (text.length <= room) return text;
  }
  return count(entries.length, '');
}

/** `**\/{test,tests,testing,…}/**`: of a long list in braces the first few. */
function shortGlob(glob: string): string {
  if (glob.length <= LONGEST_GLOB) return glob;
  return glob.replace(/\{((?:[^{},]*,){3})[^{}]*\}/g, '{$1\u2026}');
}

function codeSpan(glob: string): string {
  return `\`${embedLine(glob).replaceAll('`', '').replaceAll('\\|', '|')}\``;
}

function sourceLine({ source, file }: Rule, url: string | undefined): string {
  if (url !== undefined) return `Source: <${url}>`;
  if (source === undefined) return '';
  const at = source.anchor === undefined ? '' : `#${source.anchor.replace(/^#/, '')}`;
  if (!/^https?:\/\/[^\s<>]+$/i.test(source.doc)) return `Source: ${embedLine(`${source.doc}${at} (${file})`)}`;
  return `Source: <${source.doc}${/[\s<>]/.test(at) ? '' : at}>`;
}

function exampleText(label: string, { files }: Example): string {
  const entries = Object.entries(files);
  return entries
    .map(([path, code], at) => {
      const name = /^example\.\w+$/.test(path) && entries.length === 1 ? '' : ` (${codeSpan(path)})`;
      return `${at === 0 ? `${label}${name}` : `and${name}`}:\n\n${fenced(languageOf(path), code)}`;
    })
    .join('\n\n');
}

function languageOf(path: string): string {
  const ending = /\.([a-z0-9]{1,10})$/i.exec(path)?.[1] ?? '';
  return ending === 'txt' ? '' : ending;
}

function firstParagraph(body: string): string {
  const lines = body.split('\n');
  const end = lines.findIndex((line, at) => at > 0 && line.trim() === '');
  return cutText(lines.slice(0, end < 0 ? undefined : end).join('\n'), 600);
}

function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, Math.max(0, length));
  const end = Math.max(head.lastIndexOf('\n'), head.lastIndexOf('. ') + 1);
  return head.slice(0, end > length / 2 ? end : undefined).replace(/[\ud800-\udbff]$/, '');
}
