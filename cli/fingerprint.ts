import { createHash } from 'node:crypto';

/** What names a finding: its rule, its file, and the text it is about; `''` where that is the file as a whole. */
export interface Fingerprinted {
  readonly rule: string;
  readonly path: string;
  readonly subject: string;
}

/**
 * A name for each finding that stays when lines above it come and go, so that GitLab and GitHub tell new findings from known
 * ones: the rule, the document and the text it is about; of several such the first, the second, ...
 */
export function fingerprints(findings: readonly Fingerprinted[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, path, subject }) => {
    const name = JSON.stringify([rule, path, subject]);
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return createHash('sha256').update(`${name}\n${nth}`).digest('hex').slice(0, 32);
  });
}
