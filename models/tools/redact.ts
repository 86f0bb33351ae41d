import { masked } from '../../forge/render/secrets.ts';

/**
 * Text with its secrets masked and as many lines as before, so that numbers of lines stay true. To be called with the whole of a
 * file: a part of a key says no more what it is.
 */
export function redacted(text: string): string {
  return masked(text.includes(BEGINS) ? withoutKeys(text) : text);
}

const BEGINS = '-----BEGIN ';
const ENDS = '-----END ';
const KEY = /^-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const GONE = '[…]';

function withoutKeys(text: string): string {
  let within = false;
  return text
    .split('\n')
    .map((line) => {
      const end = within ? line.indexOf(ENDS) : -1;
      if (end !== -1) {
        within = false;
        return `${GONE}${/-----.*$/.exec(line.slice(end + ENDS.length))?.[0].slice(5) ?? ''}`;
      }
      if (within && isOfKey(line)) return GONE;
      const at = keyAt(line);
      within = at !== undefined;
      return at === undefined ? line : `${line.slice(0, at)}${GONE}`;
    })
    .join('\n');
}

/** Where a key begins that goes on below; one that stands on a single line is masked like any other secret. */
function keyAt(line: string): number | undefined {
  const at = line.includes(ENDS) ? line.lastIndexOf(BEGINS) : line.indexOf(BEGINS);
  return at !== -1 && KEY.test(line.slice(at, at + 100)) && !line.includes(ENDS, at) ? at : undefined;
}

/** Base64 or a header, perhaps quoted, commented, or of a diff. */
function isOfKey(line: string): boolean {
  if (/^[^A-Za-z0-9]{0,20}[A-Za-z0-9-]{1,40}: /.test(line)) return true;
  const words = line.replaceAll(/\\[nr]/g, ' ').split(/[^A-Za-z0-9+/=]+/);
  return words.filter((word) => /[A-Za-z0-9]/.test(word)).length <= 1;
}
