import type { Rule } from '../generator/check/rule.ts';

/** Where the part of docs/rules.md begins that is made from the rules. */
export const MADE = '<!-- Made from the rules: `npx vitest run test/docs.test.ts -u` writes it again. -->';

const FAMILIES: Readonly<Record<string, string>> = {
  1: 'What is no longer true',
  2: 'Commands',
  3: 'Size and noise',
  4: 'Safety',
  5: 'Codex',
  6: 'Several documents',
  7: 'Form',
};

/** What docs/rules.md says of the rules: a table of all, then a section for each. */
export function rulesPage(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ id, name, severity, title }) => `| [${id}](#${anchor(id, name)}) | ${name} | ${severity} | ${cell(title)} |`,
  );
  const table = ['| ID | name | at most | what it finds |', '|---|---|---|---|', ...rows].join('\n');
  const families = [...Map.groupBy(rules, ({ id }) => id[3]!)].map(([digit, family]) => {
    const sections = family.map((rule) => section(rule)).join('\n');
    return `## ${FAMILIES[digit]} (${digit}xx)\n\n${sections}`;
  });
  return `${MADE}\n\n${table}\n\n${families.join('\n')}`;
}

function section({ id, name, severity, title, why, source }: Rule): string {
  return [
    `### ${id} ${name}`,
    title,
    `- At most: ${severity}`,
    `- Why: ${why}`,
    `- Source: ${sourceText(source)}`,
    `- Leave it out: ${suppression(id)}`,
  ]
    .join('\n')
    .replace(`${title}\n-`, `\n${title}\n\n-`)
    .concat('\n');
}

function suppression(id: string): string {
  const configured = `\`check.rules.${id}: off\``;
  if (/^AMD7(?:05|9\d)$/.test(id)) return configured;
  const inFile = `\`<!-- agentsmd-disable ${id}: reason -->\``;
  return id.startsWith('AMD4') ? `${configured}; what is no error also by ${inFile}` : `${inFile} or ${configured}`;
}

function sourceText(source: string): string {
  return source.replace(/^docs\/(\S+\.md)$/, '[$1]($1)');
}

function anchor(id: string, name: string): string {
  return `${id} ${name}`.toLowerCase().replaceAll(' ', '-');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
