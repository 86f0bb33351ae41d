import { ForgeError } from '../errors.ts';
import type { SafeText } from '../render/safe-text.ts';

/** A comment's text with the marker by which it is found again; readers do not see it. @throws {ForgeError} `invalid` for a marker that could end the HTML comment. */
export function marked(body: SafeText, marker: string): string {
  return `${body.trimEnd()}\n\n${comment(marker)}`;
}

/** Whether a marker stands in a line of its own: one within a line, as in a code span, is only shown. */
export function isMarked(body: string, marker: string): boolean {
  return body.split(/\r?\n/).includes(comment(marker));
}

function comment(marker: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(marker) || marker.includes('--'))
    throw new ForgeError('invalid', `marker ${JSON.stringify(marker)}: takes letters, digits and single "-"`);
  return `<!-- agentsmd:${marker} -->`;
}
