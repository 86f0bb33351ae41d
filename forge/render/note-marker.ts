import { ForgeError } from '../errors.ts';
import { type SafeText, sealed } from './safe-text.ts';

/**
 * A comment's text, and below it the name by which it is found again; readers do not see it. Safe after the gate as well:
 * a name is letters, digits and single `-`, so it can neither end the HTML comment nor mean anything to GitLab.
 *
 * @throws {ForgeError} `invalid` for any other name.
 */
export function marked(body: SafeText, name: string): SafeText {
  return sealed(`${body.trimEnd()}\n\n${lineOf(name)}`);
}

/**
 * Whether a name stands in a line of its own: one within a line, as in a code span, is only shown. Anybody can write one;
 * who wrote the text is for the caller to check.
 */
export function isMarked(body: string, name: string): boolean {
  return hasLine(body, lineOf(name));
}

/** Whether that is a whole line of it. */
export function hasLine(body: string, line: string): boolean {
  return body.split(/\r?\n/).includes(line);
}

function lineOf(name: string): string {
  if (!/^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/.test(name))
    throw new ForgeError(
      'invalid',
      `marker ${JSON.stringify(name)}: takes letters, digits and single "-" between them`,
    );
  return `<!-- agentsmd:${name} -->`;
}
