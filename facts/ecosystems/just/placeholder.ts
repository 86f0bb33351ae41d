/** What a required parameter stands for, where its name says so. */
export function placeholderFor(parameter: string): string | undefined {
  const word = parameter.toLowerCase().replaceAll('-', '_');
  if (/^(?:test_?)?(?:files?|paths?|filename)$/.test(word)) return '<file>';
  if (/^(?:test_?)?(?:filter|pattern|expr|expression|match|grep|regex)$|^tests?$/.test(word)) return '<pattern>';
  if (/^test_?names?$/.test(word)) return '<name>';
  return /^(?:dir|directory|folder)$/.test(word) ? '<dir>' : undefined;
}
