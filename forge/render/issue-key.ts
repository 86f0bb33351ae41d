/**
 * A key of an issue tracker (`ABC-123`): an integration of GitLab (Jira, YouTrack …) leaves a comment there, or closes it.
 * Names of standards have the same form and mean none.
 */
export const ISSUE_KEY =
  /(?<![A-Za-z0-9])(?!(?:UTF|SHA\d?|ISO|IEEE|AES|RSA|CVE|CWE|GPT)-\d)(?<project>[A-Z][A-Z0-9_]+)-(?=\d)/g;
