import type { TaskIndex } from './calls.ts';
import { readName } from './names.ts';
import type { Reading } from './reading.ts';

/**
 * Calls that run one task in many packages of a monorepo: `pnpm -r build-check`, `yarn workspaces foreach -A run lint`,
 * `npm test --workspaces`, `lerna run test`, `nx run-many -t lint`. They are commands of the root in their own right.
 */
export function readFanOut(words: readonly string[], index: TaskIndex): Reading | undefined {
  const name = fannedName(words);
  if (name === undefined || !index.tasks.some((task) => task.name === name && task.dir !== '')) return undefined;
  const read = readName(name);
  if (!read) return undefined;
  const filtered = words.some((word) => /^(?:--filter|-F|--scope|--projects?|-p)(?:=|$)/.test(word));
  return {
    purposes: read.purposes,
    tool: `${words[0]} ${name}`,
    rule: undefined,
    words: words.filter(
      (word) => !/^(?:--reporter-hide-prefix|--stream|--aggregate-output|--no-bail|--if-present)$/.test(word),
    ),
    launcher: undefined,
    contained: false,
    narrow: read.special * 0.8 + (filtered ? 0.8 : 0),
    flags: 0,
    vague: false,
    checks: false,
    fixes: false,
  };
}

function fannedName(words: readonly string[]): string | undefined {
  const [program, ...rest] = words;
  const plain = rest.filter((word) => !word.startsWith('-'));
  const has = (...flags: string[]): boolean => rest.some((word) => flags.includes(word));
  if (program === 'pnpm' && has('-r', '--recursive')) return plain[0] === 'run' ? plain[1] : plain[0];
  if (program === 'npm' && has('-ws', '--workspaces'))
    return plain[0] === 'run' || plain[0] === 'run-script' ? plain[1] : plain[0];
  if (program === 'yarn' && plain[0] === 'workspaces') return plain[plain.indexOf('run') + 1];
  if (program === 'lerna' && plain[0] === 'run') return plain[1];
  if (program === 'nx' && plain[0] === 'run-many') {
    const target = rest.findIndex((word) => word === '-t' || word === '--target' || word === '--targets');
    return target >= 0 ? rest[target + 1] : rest.find((word) => word.startsWith('--target'))?.split('=')[1];
  }
  return undefined;
}
