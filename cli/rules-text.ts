import type { Rule } from '../generator/check/rule.ts';
import { table } from './table.ts';

/** Every rule on a line: ID, highest severity, name, what it finds. */
export function rulesText(rules: readonly Rule[]): string {
  return table(rules.map(({ id, severity, name, title }) => [id, severity, name, title]));
}
