import type { Compliance } from '../jobs/status/compliance.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { number } from './sweep-text.ts';
import { table } from './table.ts';

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
      broken.map(({ rule, level, status, share, broken: by, partial, kept, notChecked }) => [
        printableLine(rule),
        `${level} ${status}`,
        `${Math.round(share * 100)} %`,
        `${number(by)} of ${number(by + partial + kept)}`,
        notChecked === 0 ? '' : `${number(notChecked)} not checked`,
      ]),
      style,
    ),
    section(
      'Repositories by broken MUSTs in force',
      breaking.map(({ project, musts, rules: all, brokenMusts }) => [
        printableLine(project),
        `${number(musts)} MUST in force`,
        `${number(all)} in all`,
        printableLine(brokenMusts.slice(0, MOST_NAMES).join(', ')),
      ]),
      style,
    ),
    section(
      'Groups by broken MUSTs in force',
      groups
        .filter((group) => group.rules > 0)
        .map(({ group, musts, rules: all, withBrokenMusts, repositories: of }) => [
          printableLine(group) || '(no group)',
          `${number(musts)} MUST in force`,
          `${number(all)} in all`,
          `in ${number(withBrokenMusts)} of ${number(of)} repositories`,
        ]),
      style,
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}${broken.length === 0 ? '' : NEXT}`;
}

const NEXT = `
agentsmd codex explain RULE says what a rule asks for, agentsmd codex audit PROJECT where it is broken
`;

const MOST_NAMES = 4;

function section(title: string, rows: readonly (readonly string[])[], style: Output['style']): string {
  if (rows.length === 0) return '';
  const left = rows.length - MOST;
  const more = left > 0 ? `  and ${number(left)} more (--json has all)\n` : '';
  return `${style('bold', title)}\n${table(rows.slice(0, MOST), '  ')}${more}`;
}
