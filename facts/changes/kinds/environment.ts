import { keyMateriality, lesser } from '../../keys.ts';
import type { FactChange } from '../change.ts';
import type { Kind, Side } from '../comparison.ts';
import { gone } from '../evidence.ts';
import { isPeripheral } from '../places.ts';

/** Environment variables that must be set: a new one stops whoever lacks it, a removed one is asked for in vain. */
export const environment: Kind = {
  id: 'required environment variable',
  *find(comparison): Generator<FactChange> {
    const { before, after, touched } = comparison;
    const old = variablesOf(before);
    const now = variablesOf(after);
    const materiality = keyMateriality('env.required');
    for (const [at, { dir, value, evidence }] of now) {
      if (!old.has(at) && evidence.some(({ path }) => touched.has(path)))
        yield { key: 'env.required', dir, from: null, to: value, materiality, evidence };
    }
    for (const [at, { dir, value, evidence }] of old) {
      if (!now.has(at) && evidence.some((each) => gone(each, comparison)))
        yield { key: 'env.required', dir, from: value, to: null, materiality: lesser(materiality), evidence };
    }
  },
};

function variablesOf({ survey }: Side) {
  return new Map(
    survey.facts.facts
      .filter(({ key, dir }) => key === 'env.required' && !isPeripheral(dir))
      .map((fact) => [`${fact.dir}\0${fact.value}`, fact]),
  );
}
