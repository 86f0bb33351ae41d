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
const MOST_GLOBS = 20;

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
  if (scope !== '') head.push(`- Where: ${scope}`);
  const foot = sourceLine(rule, url);
  const body = detail === 'title' ? '' : embed(detail === 'brief' ? firstParagraph(rule.body) : rule.body);
  const parts = [head.join('\n'), body];
  if (rule.check?.kind === 'model' && detail !== 'title') parts.push(`Ask: ${embedLine(rule.check.ask)}`);
  if (detail === 'full')
    parts.push(
      ...rule.examples.bad.map((one) => exampleText('Bad', one)),
      ...rule.examples.good.map((one) => exampleText('Good', one)),
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

/** Where the rule applies, in words; nothing where that is everywhere. */
function scopeLine({ languages, frameworks, paths, notPaths, catalog }: Scope): string {
  const parts = [
    embedLine(languages.join(', ')),
    frameworks.length === 0 ? '' : `with ${embedLine(frameworks.join(' or '))}`,
    paths.length === 0 ? '' : `in ${globList(paths)}`,
    notPaths.length === 0 ? '' : `not in ${globList(notPaths)}`,
    ...Object.entries(catalog).map(([field, values]) => embedLine(`${field} ${values.join(' or ')}`)),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function globList(globs: readonly string[]): string {
  const more = globs.length > MOST_GLOBS ? ` and ${globs.length - MOST_GLOBS} more` : '';
  return globs.slice(0, MOST_GLOBS).map(codeSpan).join(', ') + more;
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
