import type { Compliance } from '../jobs/status/compliance.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { number } from './sweep-text.ts';
import { table } from './table.ts';
import { labelled } from './wrapped.ts';

/** Of each list so many are shown; `--json` has all. */
const MOST = 15;

/** Which rules are broken most, and by whom. */
export function complianceText(
  { audited, inScope, rules, repositories, groups }: Compliance,
  style: Output['style'],
): string {
  if (audited === 0) return 'nothing was audited yet; agentsmd sweep --audit keeps verdicts of what it works on\n';
  const broken = rules.filter((rule) => rule.broken > 0);
  const breaking = repositories.filter((repository) => repository.rules > 0);
  const parts = [
    `${style('bold', 'Audited')}  ${number(audited)} of ${number(inScope)} repositories\n`,
    section(
      'Rules by the share of repositories that break them',
      broken.map(({ rule, title, level, status, share, broken: by, partial, kept, notChecked }) => ({
        cells: [
          printableLine(rule),
          `${level} ${status}`,
          `${Math.round(share * 100)} %`,
          `${number(by)} of ${number(by + partial + kept)}`,
          notChecked === 0 ? '' : `${number(notChecked)} not checked`,
        ],
        below: title ?? '',
      })),
      style,
    ),
    section(
      'Repositories by broken MUSTs in force',
      breaking.map(({ project, musts, rules: all, brokenMusts }) => ({
        cells: [printableLine(project), `${number(musts)} MUST in force`, `${number(all)} in all`],
        below: brokenMusts.slice(0, MOST_NAMES).join(', '),
      })),
      style,
    ),
    alsoNamed(broken, breaking, style),
    section(
      'Groups by broken MUSTs in force',
      groups
        .filter((group) => group.rules > 0)
        .map(({ group, musts, rules: all, withBrokenMusts, repositories: of }) => ({
          cells: [
            printableLine(group) || '(no group)',
            `${number(musts)} MUST in force`,
            `${number(all)} in all`,
            `in ${number(withBrokenMusts)} of ${number(of)} repositories`,
          ],
          below: '',
        })),
      style,
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}${broken.length === 0 ? '' : NEXT}`;
}

const NEXT = `
agentsmd codex explain RULE says what a rule asks for,
agentsmd codex audit PROJECT where it is broken
`;

const MOST_NAMES = 4;

/** The rules that repositories are named with and that are not among the first ones: what they ask for. */
function alsoNamed(broken: Compliance['rules'], breaking: Compliance['repositories'], style: Output['style']): string {
  const named = new Set(breaking.slice(0, MOST).flatMap(({ brokenMusts }) => brokenMusts.slice(0, MOST_NAMES)));
  const lines = broken
    .slice(MOST)
    .filter(({ rule, title }) => named.has(rule) && title !== null)
    .map(({ rule, title }) => `  ${printableLine(rule)}\n${indented(title!)}`);
  return lines.length === 0 ? '' : `${style('bold', 'What others of these rules ask for')}\n${lines.join('')}`;
}

/** A line of a table, and what stands on lines of its own below it. */
interface Row {
  readonly cells: readonly string[];
  readonly below: string;
}

function section(title: string, rows: readonly Row[], style: Output['style']): string {
  if (rows.length === 0) return '';
  const left = rows.length - MOST;
  const more = left > 0 ? `  and ${number(left)} more (--json has all)\n` : '';
  const shown = rows.slice(0, MOST);
  const lines = table(
    shown.map(({ cells }) => cells),
    '  ',
  ).split('\n');
  const told = shown.map(({ below }, at) => `${lines[at]}\n${indented(below)}`);
  return `${style('bold', title)}\n${told.join('')}${more}`;
}

function indented(text: string): string {
  return text === '' ? '' : `${labelled('', printableLine(text), 4)}\n`;
}
