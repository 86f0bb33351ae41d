/**
 * Text in which everything that has the form of a credential shows its first characters only. A value that only looks
 * like one is masked too: nobody misses it in a comment, and a real one is read by everybody who reads the project.
 */
export function masked(text: string): string {
  const next = SHAPES.reduce((soFar, shape) => soFar.replace(shape, `$<keep>${GONE}`), text);
  // What is masked ends the word before it: the next one may only now be seen to begin.
  return next === text ? text : masked(next);
}

/** Whether {@link masked} would change it. */
export function holdsSecret(text: string): boolean {
  return masked(text) !== text;
}

/** What stands for the part that is left out; no shape holds it, so that masking twice is masking once. */
const GONE = '[…]';

const token = (keep: string, body: string): RegExp => new RegExp(`(?<![A-Za-z0-9])(?<keep>${keep})(?:${body})`, 'g');

/**
 * Forms as their issuers document them. `keep` is what every token of the kind has in common: it says what was there.
 * Upper bounds keep the search linear in long texts.
 */
const SHAPES: readonly RegExp[] = [
  /(?<keep>-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----)(?:[\s\S]{0,20000}?-----END [A-Z0-9 ]{0,40}-----|(?:(?:\\n|[\s>"'+]){0,12}[A-Za-z0-9+/=]{20,100})+)/g,
  token('gl(?:pat|dt|rt|rtr|ptt|ft|imt|agent|soat|cbt|oas|ffct|wt)-', '[\\w-]{20,300}(?:\\.[\\w.-]{1,40})?'),
  token('GR1348941', '[\\w-]{20,60}'),
  token('gh[pousr]_', '[A-Za-z0-9]{30,255}'),
  token('github_pat_', '\\w{40,120}'),
  token('A(?:KIA|SIA|BIA|CCA|ROA|IDA)', '[A-Z0-9]{16}(?![A-Za-z0-9])'),
  token('xox[a-z](?:\\.xox[a-z])?-|xapp-', '[A-Za-z0-9-]{10,250}'),
  /(?<keep>https:\/\/hooks\.slack\.com\/)(?:services|workflows|triggers)\/[\w/+-]{20,200}/g,
  token('AIza', '[\\w-]{35}'),
  token('GOCSPX-|ya29\\.', '[\\w-]{20,300}'),
  token('eyJ', '[\\w-]{8,4000}\\.eyJ[\\w-]{8,8000}\\.[\\w-]{0,2000}'),
  token('(?:sk|rk|pk)_live_|whsec_', '[A-Za-z0-9+/]{16,250}'),
  token('sk-(?:ant-|proj-|or-|svcacct-|admin-)?', '(?=[\\w-]{0,60}[0-9])[\\w-]{32,250}'),
  token('npm_', '[A-Za-z0-9]{36,40}'),
  token('pypi-', '[\\w-]{50,1000}'),
  token('hf_', '[A-Za-z]{34}'),
  token('SG\\.', '[\\w-]{20,24}\\.[\\w-]{40,45}'),
  token('do[opr]_v1_|dapi|shp(?:at|ca|pa|ss)_', '[0-9a-f]{32,64}'),
  token('hv[bsr]\\.', '[\\w-]{24,300}'),
  token('dckr_(?:pat|oat)_', '[\\w-]{20,60}'),
  token('AGE-SECRET-KEY-1', '[A-Z0-9]{58}'),
  token('[0-9]{8,10}:AA', '[\\w-]{33}'),
  /(?<keep>AccountKey=)[A-Za-z0-9+/]{40,100}={0,2}/g,
  // Whoever stands before the host of an address.
  /(?<keep>\b[a-z][a-z0-9+.-]{1,20}:\/\/)(?!git@|\[…\]@)[^\s/?#@'"`]{1,300}(?=@)/gi,
  // A header, and a name that says secret with a long value.
  /(?<keep>\b(?:authorization|private-token|job-token|deploy-token)["']?[ \t]{0,3}[=:][ \t]{0,3}["']?(?:bearer |basic |token )?)[\w+/.=~-]{12,2000}/gi,
  /(?<keep>(?<![A-Za-z])(?:[a-z]+[_-]){0,3}(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["']?[ \t]{0,3}[=:][ \t]{0,3}["']?)(?=[^\s"']{0,200}[0-9])[\w+/=~-]{20,500}/gi,
];
