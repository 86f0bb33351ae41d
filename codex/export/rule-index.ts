import type { Codex } from '../codex.ts';
import { RuleIndex } from '../codex.ts';
import { isRetired, type Rule } from '../rule.ts';

const SCHEMA = 'agentsmd/codex-index/1';

/** Whether a text is an index that {@link ruleIndex} made. */
export function isRuleIndex(text: string): boolean {
  return text.startsWith(`{"schema":"${SCHEMA}"`);
}

/**
 * The codex for tools, `agentsmd/codex-index/1`: every rule but drafts on a line of its own, tombstones with what took their
 * place. `fileOf` says where a rule's text is found.
 */
export function ruleIndex(codex: Codex, fileOf: (rule: Rule) => string | undefined): string {
  const { manifest, origin, revision, rules } = codex;
  const index = new RuleIndex(rules);
  const head = { schema: SCHEMA, name: manifest.name, title: manifest.title, origin, revision };
  const lines = rules
    .filter(({ status }) => status !== 'draft')
    .map((rule) => {
      const { id, rev, title, level, status } = rule;
      const file = fileOf(rule);
      return JSON.stringify({
        id,
        rev,
        title,
        level,
        status,
        scope: scopeOf(rule),
        ...(file === undefined ? {} : { file }),
        ...(isRetired(rule) ? { successors: index.successors(rule).map((next) => next.id) } : {}),
      });
    });
  return `${JSON.stringify(head).slice(0, -1)},"rules":[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]}\n`;
}

/** Only what limits it; empty: everywhere. */
function scopeOf({ appliesTo }: Rule): object {
  return Object.fromEntries(
    Object.entries(appliesTo).filter(([, value]) => (Array.isArray(value) ? value : Object.keys(value)).length > 0),
  );
}
