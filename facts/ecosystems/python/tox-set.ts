import type { TargetSet } from '../../signal.ts';
import { namePattern, targetSet } from '../../target-set.ts';
import type { ToxConfig } from './tox-config.ts';

/** More factors than this make a pattern nobody needs. */
const MAX_FACTORS = 300;
/** tox makes an environment for any Python without being told. */
const PYTHON = '(?:py|pypy|cpython|python)?\\d?(?:[.\\d]+t?)?';

/**
 * The environments that tox takes: those that are named, and any combination of known factors.
 * https://tox.wiki/en/latest/config.html#conditional-settings
 */
export function toxSet(dir: string, { file, at, environments }: ToxConfig): TargetSet {
  const factors = new Set(environments.flatMap(({ name }) => name.split('-')));
  for (const line of file.lines.all()) {
    const condition = /^\s*(?:\w+\s*=\s*)?([\w.,!{} -]{1,120}):\s/.exec(line)?.[1];
    for (const factor of condition?.split(/[\s,!{}-]+/) ?? []) if (factor !== '') factors.add(factor);
  }
  const factor = `(?:${[PYTHON, ...[...factors].slice(0, MAX_FACTORS).map((each) => namePattern(each, /\u0000/))].join('|')})`;
  // A plugin of tox may add environments.
  const plugged = file.find(/\btox[-_](?!ini)\w+\s*[=<>~,"']|^\s*tox[-_]\w+\s*$/) !== undefined;
  return targetSet('tox', dir, at, [...environments.map(({ name }) => name), 'py', 'ALL'], {
    patterns: [`${factor}(?:-${factor})*`],
    complete: !plugged && environments.length < 200,
  });
}
