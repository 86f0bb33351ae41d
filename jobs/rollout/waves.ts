import { createHash } from 'node:crypto';
import type { Wave } from '../config.ts';
import { isWithin } from './scope.ts';

/**
 * The first wave that a repository is in; what none names is in the one after the last. It is the same one in every run and
 * on every machine, whatever other repositories there are.
 */
export function waveOf(waves: readonly Wave[], { key, path }: { readonly key: string; readonly path: string }): number {
  const found = waves.findIndex((wave) =>
    'percent' in wave ? placeOf(key) < wave.percent : wave.groups.some((group) => isWithin(path, group)),
  );
  return found < 0 ? waves.length : found;
}

/** From 0 up to 100, spread evenly. */
function placeOf(key: string): number {
  return (createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48) * 100;
}
