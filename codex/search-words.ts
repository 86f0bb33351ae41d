/** Words that questions are made of and rules are not about. */
const STOP = new Set(
  `a about after again all also am an and any anything are around as at be been before being best better but by can cannot case
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
  ['secret', 'password', 'credential', 'token', 'key'],
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

/** A word as it is looked up: small, without endings; `undefined` for one that says nothing. */
export function term(word: string): string | undefined {
  const small = word.toLowerCase();
  return STOP.has(small) || small.length < 2 ? undefined : stem(small);
}

/** The terms that mean nearly the same, each with the word it is made of. */
export function synonymsOf(looked: string): ReadonlyMap<string, string> {
  const group = SAME.find((words) => words.some((word) => stem(word) === looked)) ?? [];
  return new Map(group.map((word) => [stem(word), word] as const).filter(([stemmed]) => stemmed !== looked));
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
