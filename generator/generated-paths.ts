import { globMatches } from '../facts/ecosystems/generated/glob.ts';
import type { Fact } from '../facts/index.ts';

/** Tells paths that facts say are written by a tool, or by another project. */
export function generatedBy(facts: readonly Fact[]): (path: string) => boolean {
  const values = facts
    .filter(({ key }) => key === 'generated' || key === 'vendored')
    .map(({ value }) => value.replace(/^\.?\//, ''));
  const folders = values.filter((value) => value.endsWith('/') && !value.includes('*'));
  const patterns = values
    .filter((value) => value.includes('*'))
    .map((value) => `${value.includes('/') ? '' : '**/'}${value}${value.endsWith('/') ? '**' : ''}`);
  const files = new Set(values);
  return (path) =>
    files.has(path) ||
    folders.some((folder) => path.startsWith(folder)) ||
    patterns.some((pattern) => globMatches(pattern, path));
}
