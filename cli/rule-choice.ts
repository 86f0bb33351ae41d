import { closestMatch } from 'leven';
import type { Levels } from '../generator/check/levels.ts';
import type { Rule } from '../generator/check/rule.ts';
import { RULES } from '../generator/check/rules/index.ts';
import { UsageError } from './errors.ts';

/**
 * The rules to ask: all of them, or those that `--rule` names, by ID or by name.
 *
 * @throws {UsageError} for a rule that there is not, in `--rule` or in the configuration.
 */
export function chosenRules(asked: string | undefined, levels: Levels): readonly Rule[] {
  for (const id of Object.keys(levels)) ruleOf(id, `check.rules.${id}`);
  if (asked === undefined) return RULES;
  const names = asked.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0) throw new UsageError('--rule: name a rule, such as --rule AMD101');
  const chosen = new Set(names.map((name) => ruleOf(name, `--rule ${name}`)));
  return RULES.filter((rule) => chosen.has(rule));
}

function ruleOf(name: string, place: string): Rule {
  const found = RULES.find((rule) => rule.id === name.toUpperCase() || rule.name === name);
  if (found) return found;
  const known = RULES.flatMap((rule) => [rule.id, rule.name]);
  const near = closestMatch(name, known, { maxDistance: 2 });
  throw new UsageError(
    `${place}: there is no such rule; ${near ? `did you mean ${near}?` : '`agentsmd check --list-rules` lists them'}`,
  );
}
