/** Clean text on one line as a code span, with a fence that nothing in it can end. Empty text is said to be. */
export function codeSpan(text: string): string {
  if (text.trim() === '') return '(empty)';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(text) ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}
