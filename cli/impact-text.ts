import type { Impact, RepositoryImpact, RuleImpact, RuleSide } from '../codex/impact.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

type Style = Output['style'];

/** A line for each rule that is another one, the repositories it makes a difference to, and findings gained and lost. */
export function impactText({ rules }: Impact, style: Style): string {
  return rules
    .map((rule) => {
      const facts = [
        style('bold', printableLine(rule.id)),
        rule.problem ? style('red', 'cannot be read') : rule.change,
        sidesOf(rule),
        ...(rule.obligation === undefined ? [] : [style('yellow', `obligation ${rule.obligation}`)]),
        ...(rule.change === 'changed' && rule.gained + rule.lost + rule.newErrors === 0 ? ['no finding changes'] : []),
      ];
      const reasons = rule.notChecked.map(
        ({ reason, repositories }) => `  not checked in ${countOf(repositories)}: ${printableLine(reason)}\n`,
      );
      const problem = rule.problem ? `  ${printableLine(placeOf(rule.problem))}\n` : '';
      const title = printableLine((rule.after ?? rule.before)?.title ?? '');
      return `${facts.join('  ')}\n  ${style('dim', title)}\n${problem}${rule.repositories.map((each) => ofRepository(each, style)).join('')}${reasons.join('')}`;
    })
    .join('');
}

/** `5 rules differ, 36 stay the same, over 12 repositories: 40 findings gained, 3 lost, 12 new errors`, for stderr. */
export function impactSummary({ rules, unchanged, repositories }: Impact): string {
  const total = (of: 'gained' | 'lost' | 'newErrors'): number => rules.reduce((sum, rule) => sum + rule[of], 0);
  const unreadable = rules.filter(({ change }) => change === 'unreadable').length;
  const different = rules.length - unreadable;
  const differ = `${different} ${different === 1 ? 'rule differs' : 'rules differ'}${unreadable > 0 ? `, ${unreadable} cannot be read` : ''}`;
  const stay = `${unchanged} ${unchanged === 1 ? 'stays' : 'stay'} the same`;
  const found = `${total('gained')} findings gained, ${total('lost')} lost, ${total('newErrors')} new errors`;
  return `${differ}, ${stay}; over ${countOf(repositories)}: ${found}`;
}

function placeOf({ file, line, message }: NonNullable<RuleImpact['problem']>): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}

function sidesOf({ before, after }: RuleImpact): string {
  const [was, is] = [before, after].map((side) => (side ? said(side) : ''));
  if (!was || !is) return was || is || '';
  return was === is ? is : `${was} -> ${is}`;
}

function said({ level, status }: RuleSide): string {
  return `${level} ${status}`;
}

function ofRepository({ repository, gained, lost, newErrors, findings }: RepositoryImpact, style: Style): string {
  const numbers = [
    ...(gained > 0 ? [`+${gained}`] : []),
    ...(lost > 0 ? [`-${lost}`] : []),
    ...(newErrors > 0 ? [`${newErrors} new ${newErrors === 1 ? 'error' : 'errors'}`] : []),
  ];
  const rows = findings.map(({ change, path, line, subject }) => [
    change === 'gained' ? style('red', '+') : style('green', '-'),
    `${printableLine(path)}:${line}`,
    style('dim', printableLine(subject)),
  ]);
  const more = gained + lost - findings.length;
  return `  ${printableLine(repository)}  ${numbers.join(', ')}\n${table(rows, '    ')}${more > 0 ? `    and ${more} more\n` : ''}`;
}

function countOf(repositories: number): string {
  return `${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
}
