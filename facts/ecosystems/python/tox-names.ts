/** A matrix of more names than this is not written out. */
const MAX_NAMES = 200;

/**
 * The names in an environment list: `py3{10,11}-{a,b}, lint` is five names, `3.{10-12}` is three.
 * Source: https://tox.wiki/en/latest/config.html#generative-environments
 */
export function environmentNames(list: string): readonly string[] {
  const names: string[] = [];
  for (const part of outsideBraces(list)) for (const name of expand(part)) names.push(name);
  return [...new Set(names)].slice(0, MAX_NAMES);
}

/** The parts of a list, divided by commas and white space that stand outside braces. */
function outsideBraces(list: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of list) {
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (depth <= 0 && /[,\s]/.test(char)) {
      parts.push(part);
      part = '';
    } else if (!/\s/.test(char)) part += char;
  }
  return [...parts, part].filter((name) => name !== '');
}

function expand(pattern: string): readonly string[] {
  let names = [''];
  for (const piece of pattern.split(/(\{[^{}]*\})/)) {
    const choices =
      piece.startsWith('{') && piece.endsWith('}') ? piece.slice(1, -1).split(',').flatMap(range) : [piece];
    names = names.flatMap((name) => choices.map((choice) => name + choice)).slice(0, MAX_NAMES);
  }
  return names.map((name) => name.replace(/-{2,}/g, '-').replace(/^-|-$/g, '')).filter((name) => name !== '');
}

/** `10-13` within braces is a range. */
function range(choice: string): readonly string[] {
  const [, from = '', to = ''] = /^(\d{1,4})-(\d{1,4})$/.exec(choice) ?? [];
  const count = Number(to) - Number(from) + 1;
  if (from === '' || count < 1 || count > MAX_NAMES) return [choice];
  return Array.from({ length: count }, (_, i) => String(Number(from) + i));
}

/** True for a name that only says which Python it runs on: `py`, `py312`, `3.12`, `pypy3`. */
export function isPythonOnly(name: string): boolean {
  return /^(?:py|pypy|cpython|python|jython|graalpy)?-?\d?(?:[.\d]+t?)?$/.test(name);
}

/** True for a name that has a Python among its factors: an element of a matrix, `py312-django52`. */
export function hasPythonFactor(name: string): boolean {
  return name.split('-').some((factor) => factor !== '' && isPythonOnly(factor));
}

/**
 * What is left of a line that may hold for some factors only: `lint,py3-!cov: ruff check` holds for an environment
 * whose name has `lint`, or `py3` and not `cov`. `undefined` where it does not hold.
 */
export function forEnvironment(line: string, name: string): string | undefined {
  const colon = line.search(/:(?:\s|$)/);
  const conditions = colon < 0 || colon > MAX_CONDITION ? [] : line.slice(0, colon).split(/, ?/);
  if (conditions.length === 0 || !conditions.every((part) => /^[!\w{}.-]+$/.test(part))) return line;
  const factors = new Set(name.split('-'));
  const holds = environmentNames(conditions.join(',')).some((condition) =>
    condition.split('-').every((part) => (part.startsWith('!') ? !factors.has(part.slice(1)) : factors.has(part))),
  );
  return holds ? line.slice(colon + 1).trim() : undefined;
}

const MAX_CONDITION = 400;
