/** Words that questions are made of and rules are not about. */
const STOP = new Set(
  `a about after again all allowed also am an and any anything are around as at be been before being best better but by can cannot case
  come could did do does doing done deal dealing down each either every everything for from get gets give go good had handle handled handles handling has have having here how i
  if in into is it its just keep know let like make makes many may me more most much must my need needs never no not now of off ok
  on one only or other our out over own please practice properly put right rule rules same shall should so some something such take
  tell than that the their them then there these they thing things this those to too under up us use used uses using very want was
  way ways we well were what when where whether which while who why will with within without would write writing wrong you your
  app application code codebase project repo repository service software system team work works`
    .split(/\s+/)
    .filter(Boolean),
);

/** Words for which people use others: found as well, and counted less. */
const SAME = [
  ['error', 'exception', 'failure'],
  ['secret', 'password', 'credential', 'token', 'key', 'hardcoded', 'hardcode', 'coded'],
  ['dependency', 'library', 'package'],
  ['docker', 'container', 'image', 'dockerfile'],
  ['auth', 'authentication', 'authorization', 'login'],
  ['endpoint', 'route', 'api'],
  ['pipeline', 'ci'],
  ['db', 'database'],
  ['doc', 'docs', 'documentation', 'document'],
  ['null', 'nil', 'none', 'undefined', 'unwrap'],
  ['log', 'print', 'console'],
  ['random', 'randomness'],
  ['encrypt', 'cipher', 'cryptography', 'crypto', 'hash'],
  ['tls', 'ssl', 'https', 'certificate'],
  ['async', 'await', 'promise', 'concurrency'],
  ['date', 'time', 'timestamp', 'timezone'],
];

/**
 * What rules say instead of a word that they mostly do not hold; not the other way round, and counted nearly as much.
 * `scripting` is left out of "cross-site scripting": every script would be found.
 */
const MEANS: Readonly<Record<string, readonly string[]>> = {
  xss: ['cross', 'site', 'html', 'security'],
  injection: ['sql', 'shell', 'parameter', 'concatenate', 'security'],
  sqli: ['sql', 'parameter', 'concatenate', 'security'],
  hardcoded: ['commit'],
  coded: ['commit'],
  hardcode: ['commit'],
  authn: ['authentication', 'login'],
  authz: ['authorization', 'permission'],
};

/** Another word that is looked for as well. */
export interface Synonym {
  readonly word: string;
  /** What it counts for, of 1. */
  readonly weight: number;
}

/** Words that say nothing, but are code as well: they are looked for where a question means the code. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  'any case for if in is let never not this try while with'.split(' '),
);

/** A word as it is looked up: small, without endings; `undefined` for one that says nothing. */
export function term(word: string): string | undefined {
  const small = word.toLowerCase();
  return STOP.has(small) || small.length < 2 ? undefined : stem(small);
}

/** The terms that mean nearly the same. */
export function synonymsOf(looked: string): ReadonlyMap<string, Synonym> {
  const isAsked = (word: string): boolean => stem(word) === looked;
  const same = SAME.filter((words) => words.some(isAsked)).flat();
  const means = Object.entries(MEANS).flatMap(([word, others]) => (isAsked(word) ? others : []));
  const all = [...same.map((word) => ({ word, weight: 0.2 })), ...means.map((word) => ({ word, weight: 0.6 }))];
  return new Map(all.filter(({ word }) => !isAsked(word)).map((synonym) => [stem(synonym.word), synonym]));
}

/**
 * An English word without the endings of number and tense: `handles`, `handled` and `handling` are `handl`, `validation` and
 * `validate` are `validat`. Not a dictionary: only the same word has to come out the same.
 */
export function stem(word: string): string {
  if (word.length < 4 || /[^a-z]/.test(word)) return word;
  let root = word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/([^sui])s$/, '$1');
  const tense = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(root);
  if (tense && tense[1]!.length > 2) root = tense[1]!.replace(/([^aeiouylsz])\1$/, '$1');
  if (root.length > 6) root = root.replace(/([ts])ion$/, '$1');
  return root.length > 3 ? root.replace(/e$/, '') : root;
}
