import type { ToolRule } from './tool-rule.ts';
import { OTHER_TOOLS } from './tool-table.ts';
import { JAVASCRIPT_TOOLS } from './tool-table-javascript.ts';
import { PYTHON_TOOLS } from './tool-table-python.ts';

export type { ToolRule } from './tool-rule.ts';

const TOOL_RULES: readonly ToolRule[] = [...JAVASCRIPT_TOOLS, ...PYTHON_TOOLS, ...OTHER_TOOLS].map(
  ([words, purposes, more]) => {
    const parts = words.split(' ');
    return { tool: more?.tool ?? parts[0]!, words: parts, purposes, ...more };
  },
);

const BY_PROGRAM = Map.groupBy(TOOL_RULES, (rule) => rule.words[0]!);

/** The rule that fits a command best. The program may be written with a path: `./node_modules/.bin/eslint`. */
export function toolRule(words: readonly string[]): ToolRule | undefined {
  const program = (words[0] ?? '').replace(/^.*\/(?=[^/]+$)/, '');
  // `python site/manage.py test`: the script is the same wherever it lies.
  const second = words[1]?.endsWith('/manage.py') ? 'manage.py' : words[1];
  const rules = BY_PROGRAM.get(words[0] ?? '') ?? BY_PROGRAM.get(program);
  let best: ToolRule | undefined;
  for (const rule of rules ?? []) {
    if (rule.alone && words.slice(rule.words.length).some((word) => !word.startsWith('-'))) continue;
    if (
      rule.words.length > (best?.words.length ?? 0) &&
      rule.words.every((word, i) => i === 0 || (i === 1 ? second : words[i]) === word)
    )
      best = rule;
  }
  return best;
}
