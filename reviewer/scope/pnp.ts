import { partsOf } from './words.ts';

/** Whether a lock file is a program as well: Yarn's, which each of its commands runs (yarnpkg.com/advanced/pnp-spec). */
export function isPnp(path: string): boolean {
  return /^\.pnp\.(?:c?js|loader\.mjs)$/.test(partsOf(path).name);
}

const STATE = /^const RAW_RUNTIME_STATE =\s*'/m;

/** Of such a program all but the text of its packages: that is data, up to where its string ends. */
export function programOf(text: string): string {
  const found = STATE.exec(text);
  if (!found) return text;
  const begin = found.index + found[0].length;
  let end = begin;
  while (end < text.length && text[end] !== "'") end += text[end] === '\\' ? 2 : 1;
  return text.slice(0, begin) + text.slice(end);
}
