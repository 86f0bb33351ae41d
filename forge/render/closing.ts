/**
 * Text in which no word closes an issue. GitLab scans the raw text of a description and of commit messages for
 * "Closes #1", code included (lib/gitlab/closing_issue_extractor.rb, doc/administration/issue_closing_pattern.md), and the
 * pattern wants plain spaces: a no-break space between the word and the issue looks the same and closes nothing.
 */
export function closingNothing(text: string): string {
  return text.replace(CLOSING, (_found, word: string, spaces: string) => `${word}${'\u00a0'.repeat(spaces.length)}`);
}

/** Whether {@link closingNothing} would change it. */
export function closesIssues(text: string): boolean {
  return closingNothing(text) !== text;
}

const CLOSING =
  /\b((?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?)([ \t]+)(?=(?:issues?[ \t]+)?(?:https?:\/\/|[\w./-]*#\d|[A-Z][A-Z0-9_]+-\d))/gi;
