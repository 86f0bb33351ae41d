/** Code in a fence of Markdown that nothing in it can end. Without a line end behind it. */
export function fenced(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${/^[\w+#.-]{0,40}$/.test(language) ? language : ''}\n${code.replace(/\n+$/, '')}\n${fence}`;
}
