import { type Block, block } from './block.ts';
import { closesIssues, closingNothing } from './closing.ts';
import { holdsSecret, masked } from './secrets.ts';
import { hiddenIn, visible } from './visible.ts';

/** Characters of one block of code. */
const CODE_LIMIT = 20_000;

/** Foreign text as a block of code. A language that GitLab would draw (mermaid, math …), or that we do not know, is none. */
export function codeBlock(data: string, language = ''): Block {
  const text = closingNothing(masked(visible(data)).replace(/^\n+|\s+$/g, ''));
  const shown = text.length > CODE_LIMIT ? `${text.slice(0, CODE_LIMIT).replace(/\n?[^\n]*$/, '')}\n…` : text;
  return block(fenced(LANGUAGES.has(language) ? language : '', shown.split('\n')));
}

/** Languages for colours; none of them is a diagram, a formula or a table for GitLab. */
export const LANGUAGES: ReadonlySet<string> = new Set(
  'bash c cpp csharp css diff dockerfile go groovy html ini java javascript json kotlin make markdown php python ruby rust scala sh shell sql swift text toml ts tsx js jsx typescript xml yaml'.split(
    ' ',
  ),
);

/** A change that a reader applies with one click, or why there is none. */
export type Suggestion =
  | { readonly ok: true; readonly block: Block }
  | {
      readonly ok: false;
      readonly reason: 'hidden-characters' | 'secret' | 'closing-words' | 'line-ends' | 'range' | 'too-long';
    };

/**
 * A suggestion to replace the commented line, `above` lines before it and `below` lines after it (GitLab: at most 100 each)
 * by `lines`. It is code that gets committed: shown byte for byte or not at all.
 */
export function suggestion(lines: readonly string[], above = 0, below = 0): Suggestion {
  const whole = lines.join('\n');
  if (![above, below].every((count) => Number.isInteger(count) && count >= 0 && count <= 100))
    return { ok: false, reason: 'range' };
  // GitLab deletes every carriage return of a note before it looks for quick actions.
  if (lines.some((line) => /[\r\n]/.test(line))) return { ok: false, reason: 'line-ends' };
  if (whole.length > CODE_LIMIT) return { ok: false, reason: 'too-long' };
  if (hiddenIn(whole) !== undefined) return { ok: false, reason: 'hidden-characters' };
  if (holdsSecret(whole)) return { ok: false, reason: 'secret' };
  if (closesIssues(whole)) return { ok: false, reason: 'closing-words' };
  return { ok: true, block: block(fenced(`suggestion:-${above}+${below}`, lines)) };
}

/**
 * A fence longer than any run of backquotes inside, one space in: CommonMark takes that space off every line again, and no
 * line of the text begins with what GitLab could take for a quick action (before 17 it looked for fences with a regular
 * expression that a line of three backquotes inside a longer fence ends).
 */
function fenced(info: string, lines: readonly string[]): string {
  const longest = Math.max(2, ...[...lines.join('\n').matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${info}`, ...lines, fence].map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
}
