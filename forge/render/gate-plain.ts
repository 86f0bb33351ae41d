import { closesIssues } from './closing.ts';
import { meaningsIn } from './meanings.ts';
import { holdsSecret } from './secrets.ts';
import { UnsafeTextError } from './unsafe-text.ts';
import { hiddenIn } from './visible.ts';

/** The gate of titles and commit messages, which GitLab does not read as Markdown. @throws {UnsafeTextError} */
export function assertSafePlain(text: string, options: { readonly skipCi?: boolean } = {}): void {
  assertSafeRaw(text);
  const rest = options.skipCi ? text.replace(/\n\n\[skip ci\]$/, '') : text;
  if (/\[(?:ci[ _-]skip|skip[ _-]ci)\]/i.test(rest)) throw new UnsafeTextError('a word that stops pipelines');
  // Macros are Markdown, and a title is none.
  const found = [...meaningsIn(rest)].find(({ kind }) => kind !== 'macro');
  if (found !== undefined) throw new UnsafeTextError(`a ${found.kind}`);
}

/** What no text may hold, wherever it stands. @throws {UnsafeTextError} */
export function assertSafeRaw(text: string): void {
  const hidden = hiddenIn(text);
  if (hidden !== undefined) throw new UnsafeTextError(`the hidden character ${hidden}`);
  if (holdsSecret(text)) throw new UnsafeTextError('something that looks like a secret');
  if (closesIssues(text)) throw new UnsafeTextError('words that close an issue');
  if (/^\/[a-z_]/im.test(text)) throw new UnsafeTextError('a quick action');
}
