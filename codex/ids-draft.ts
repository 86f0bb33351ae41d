import { stringify } from 'yaml';
import type { Level } from './rule.ts';

export interface Draft {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
}

/** The file of a rule that is begun: a draft that lints, with what is to be filled in. */
export function draftRule({ id, title, level }: Draft): string {
  return `---
${stringify({ id, title, level, status: 'draft' }, { lineWidth: 0 })}# The occasion: "a handler answers with an error".
# when:
# Where it applies; without it, everywhere.
applies-to:
  languages: []
  frameworks: []
  paths: []
# owner: group:default/team
# since: '2026-05-01'
# source:
#   doc: docs/standard.md
#   anchor: heading
# What finds it in code; or kind: model, with ask: a question for the reviewer.
# check:
#   kind: file-content
#   files: ['**/*.yaml']
#   forbid: 'text'
# examples:
#   bad:
#     - path: config.yaml
#       code: |
#         a: text
#   good:
#     - path: config.yaml
#       code: |
#         a: other
---

What is asked, in a sentence or two.

Why: what goes wrong without it.
`;
}

/**
 * An overview page with a line for the rule: within its list of rules by ID, at the end where there is none. The page's line
 * ends stay as they are.
 */
export function withLink(page: string, { id, title }: Pick<Draft, 'id' | 'title'>, target: string): string {
  const eol = page.includes('\r\n') ? '\r\n' : '\n';
  const lines = page.split(/\r?\n/);
  const items = lines.flatMap((line, at) => {
    const item = /^(\s*[-*+]\s+)\[`?([^\]`]+)`?\]\(([^)]+)\.md\)/.exec(line);
    return item ? [{ at, bullet: item[1]!, name: item[3]!.replace(/^.*\//, '') }] : [];
  });
  const rules = items.filter(({ name }) => /-\d+$/.test(name));
  const text = `[${id}](${target}): ${asMarkdown(title)}`;
  if (rules.length === 0) {
    const body = page.replace(/\s+$/, '');
    return `${body}${body === '' ? '' : `${eol}${eol}`}- ${text}${eol}`;
  }
  const after = rules.findLast(({ name }) => name < id);
  const near = after ?? rules[0]!;
  lines.splice(after ? near.at + 1 : near.at, 0, `${near.bullet}${text}`);
  return lines.join(eol);
}

/** A title with its code spans, where nothing else is taken for a link or a tag. */
function asMarkdown(title: string): string {
  return title
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[\\[\]<>]/g, '\\$&')))
    .join('');
}
