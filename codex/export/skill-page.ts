import { stringify } from 'yaml';
import type { Codex } from '../codex.ts';
import type { Rule } from '../rule.ts';
import { visibleText } from '../visible-text.ts';
import { embedLine } from './embed.ts';
import type { Page } from './pages.ts';

/** Characters and lines of SKILL.md below its front matter: 5,000 tokens and 500 lines are the most, some stay free. */
const LENGTH = 17_500;
const LINES = 450;
/** A row of the table says so much of a page, where there is room. */
const LONGEST_ROW = 220;
/** Below this a row does not even name the page. */
const SHORTEST_ROW = 24;
const LEAST_MUST = 1500;

export interface SkillPageInput {
  readonly codex: Codex;
  readonly pages: readonly Page[];
  /** Pages of retired IDs. */
  readonly retired: readonly string[];
  /** What was left out, for whoever reads the skill. */
  readonly leftOut: readonly string[];
}

/** SKILL.md, or `undefined` where there are too many pages to link each. */
export function skillPage(input: SkillPageInput): string | undefined {
  const { codex, pages, retired } = input;
  const inUse = codex.rules.filter((rule) => rule.status === 'active' || rule.status === 'trial');
  const intro = introOf(input, inUse);
  const table = ['## Which file to open', '', '| File | Open it when |', '| --- | --- |'];
  const links = pages.map(({ path }) => `[${path.slice('references/'.length, -'.md'.length)}](${path})`);
  const fixed = length([...intro, '', ...table, ...links, ...retired]) + 40 * retired.length + 8 * pages.length;
  const room = LENGTH - fixed;
  const row = Math.floor((room - Math.min(LEAST_MUST, room / 4)) / Math.max(1, pages.length));
  if (row < SHORTEST_ROW || intro.length + pages.length + retired.length + 20 > LINES) return undefined;
  const rows = pages.map((page, at) => `| ${links[at]} | ${whenOf(page, Math.min(row, LONGEST_ROW))} |`);
  const gone = retired.map(
    (path) => `| [${path.slice('references/'.length, -'.md'.length)}](${path}) | an ID is in no other file |`,
  );
  const body = [...intro, '', ...table, ...rows, ...gone];
  const must = topRules(inUse, pages, LENGTH - length(body) - 200, LINES - body.length - 6);
  return `${frontMatter(codex, inUse)}\n${[...body, ...must].join('\n')}\n`;
}

function introOf({ codex, leftOut }: SkillPageInput, inUse: readonly Rule[]): readonly string[] {
  const count = (level: Rule['level']): number => inUse.filter((rule) => rule.level === level).length;
  const trial = inUse.filter(({ status }) => status === 'trial').length;
  const example = inUse[0]?.id ?? 'API-REST-01';
  return [
    `# ${embedLine(codex.manifest.title)}`,
    '',
    `${inUse.length} engineering rules with permanent IDs: ${count('MUST')} MUST, ${count('SHOULD')} SHOULD, ${count('MAY')} MAY.`,
    '',
    '## How to use it',
    '',
    '1. Find the file for what you work on in the table below and open only that one. Each rule stands there under its ID.',
    '2. MUST: keep it, or say why it cannot be kept and ask. SHOULD: keep it unless there is a reason, and name the reason. MAY: a proven way.',
    `3. Cite a rule by its ID where you apply it or find it broken: \`${example}\`. Never make up an ID, never change one.`,
    '4. Look an ID up by searching for `### ID` in references/, or for the ID in assets/index.json (level, scope, file). What the repository itself says in AGENTS.md comes first.',
    ...(trial === 0
      ? []
      : [
          `5. ${trial === inUse.length ? 'All rules are' : trial === 1 ? '1 rule is' : `${trial} rules are`} on trial, marked so in references/: mention them, do not insist.`,
        ]),
    ...leftOut.map((line) => `\n${embedLine(line)}`),
  ];
}

/** What a page is for: its subject, the languages, and occasions of its rules, as far as they fit. */
function whenOf({ title, rules }: Page, room: number): string {
  const languages = [...new Set(rules.flatMap(({ appliesTo }) => appliesTo.languages))].sort();
  const occasions = new Set(
    [...rules]
      .sort(byWeight)
      .map(({ when, title: asks }) => when ?? asks.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())),
  );
  let text = embedLine(title);
  const append = (part: string): boolean => {
    if (text.length + part.length > room) return false;
    text += part;
    return true;
  };
  const told = languages.every((language) => title.split(/: |, | and /).includes(language));
  if (languages.length > 0 && languages.length <= 6 && !told) append(` (${embedLine(languages.join(', '))})`);
  let said = 0;
  for (const occasion of occasions) {
    if (said >= 3) break;
    if (append(`${said === 0 ? ': ' : '; '}${embedLine(occasion)}`)) said++;
  }
  append(`; ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}`);
  return text.slice(0, room);
}

/** In force before on trial, MUST before SHOULD, everywhere before somewhere. */
function byWeight(a: Rule, b: Rule): number {
  return weight(a) - weight(b) || (a.id < b.id ? -1 : 1);
}

function weight({ status, level, appliesTo }: Rule): number {
  const narrow = appliesTo.languages.length + appliesTo.frameworks.length > 0 ? 1 : 0;
  return (status === 'active' ? 0 : 10) + { MUST: 0, SHOULD: 3, MAY: 6 }[level] + narrow;
}

/** The rules in force that most work meets, a few of every page, as far as there is room. Those on trial stand on pages only. */
function topRules(inUse: readonly Rule[], pages: readonly Page[], room: number, lines: number): readonly string[] {
  const must = new Set(inUse.filter(({ level, status }) => level === 'MUST' && status === 'active'));
  const queues = pages.map(({ rules }) => rules.filter((rule) => must.has(rule)).sort(byWeight));
  const chosen: Rule[] = [];
  let left = room;
  for (let round = 0; queues.some((queue) => queue.length > round); round++) {
    for (const queue of queues) {
      const rule = queue[round];
      if (!rule) continue;
      const size = mustLine(rule).length + 1;
      if (size > left || chosen.length >= lines) continue;
      left -= size;
      chosen.push(rule);
    }
  }
  if (chosen.length === 0) return [];
  const heading =
    chosen.length === must.size
      ? '## Every MUST in force'
      : `## ${chosen.length} of the ${must.size} MUST rules in force`;
  return ['', heading, '', ...chosen.sort(byWeight).map(mustLine)];
}

function mustLine({ id, title }: Rule): string {
  return `- ${id}: ${embedLine(title)}`;
}

function length(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** Only keys that the format knows: others are refused by its validators. */
function frontMatter({ manifest, revision }: Codex, inUse: readonly Rule[]): string {
  const data = {
    name: manifest.name,
    description: description(manifest.title, inUse),
    metadata: {
      codex: plain(manifest.title, 200),
      revision: plain(revision, 100),
      'generated-by': 'agentsmd codex export',
    },
  };
  return `---\n${stringify(data, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}---\n`;
}

function description(title: string, inUse: readonly Rule[]): string {
  const of = (values: readonly string[], most: number): string => {
    const counts = Map.groupBy(values, (value) => value);
    const sorted = [...counts].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1)).map(([name]) => name);
    return sorted.slice(0, most).join(', ') + (sorted.length > most ? ' and more' : '');
  };
  const subjects = plain(
    of(
      inUse.flatMap(({ domain }) => (domain === '' ? [] : [domain.replaceAll('/', ' ')])),
      14,
    ),
    400,
  );
  const languages = plain(
    of(
      inUse.flatMap(({ appliesTo }) => appliesTo.languages),
      8,
    ),
    120,
  );
  const example = inUse[0]?.id ?? 'API-REST-01';
  return [
    `${plain(title, 120)}: engineering rules (MUST, SHOULD, MAY) with permanent IDs${subjects === '' ? '' : ` on ${subjects}`}.`,
    `Use when designing, writing, changing or reviewing code${languages === '' ? '' : ` in ${languages}`}, APIs, configuration or pipelines, when a rule ID such as ${example} is cited, or when asked how something is done here.`,
  ].join(' ');
}

/** Words without anything that a description may not hold: tags, line ends. */
function plain(text: string, most: number): string {
  return visibleText(text)
    .replace(/[<>]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, most)
    .replace(/[\ud800-\udbff]$/, '');
}
