import type { TaskIndex } from './calls.ts';
import { readName } from './names.ts';
import type { Reading } from './reading.ts';
import { unwrap } from './unwrap.ts';

/**
 * Calls that run one task in many packages of a monorepo: `pnpm -r build-check`, `yarn workspaces foreach -A run lint`,
 * `npm test --workspaces`, `lerna run test`, `nx run-many -t lint`. They are commands of the root in their own right.
 */
export function readFanOut(words: readonly string[], index: TaskIndex): readonly Reading[] {
  const nx = readNx(words);
  if (nx) return nx;
  const name = fannedName(words);
  if (name === undefined || !index.tasks.some((task) => task.name === name && task.dir !== '')) return [];
  const kept = words.filter(
    (word) => !/^(?:--reporter-hide-prefix|--stream|--aggregate-output|--no-bail|--if-present)$/.test(word),
  );
  return fanned(name, `${words[0]} ${name}`, kept, words);
}

function fanned(name: string, tool: string, typed: readonly string[], words: readonly string[]): readonly Reading[] {
  const read = readName(name);
  if (!read) return [];
  const filtered = words.some((word) => /^(?:--filter|-F|--scope|--projects?|-p)(?:=|$)/.test(word));
  return [
    {
      purposes: read.purposes,
      tool,
      rule: undefined,
      words: typed,
      launcher: undefined,
      contained: false,
      narrow: read.special * 0.8 + (filtered ? 0.8 : 0),
      flags: 0,
      vague: false,
      checks: false,
      fixes: false,
    },
  ];
}

/**
 * `yarn nx affected -t lint,test` and `npx nx run-many -t lint test`: one reading for each target, as plugins of Nx may
 * infer targets that no file names. How many at once, and since which commit, is the pipeline's affair.
 */
function readNx(words: readonly string[]): readonly Reading[] | undefined {
  const at = words.indexOf('nx');
  const [verb] = words.slice(at + 1);
  if (at < 0 || (verb !== 'affected' && verb !== 'run-many')) return undefined;
  const inner = unwrap(words).words;
  if (inner[0] !== 'nx' && words[0] !== 'yarn' && words[0] !== 'pnpm') return undefined;
  const rest = words.slice(at + 2);
  const flag = rest.findIndex((word) => /^(?:-t|--targets?)(?:=|$)/.test(word));
  if (flag < 0) return [];
  const joined = /=(.*)/.exec(rest[flag]!)?.[1];
  const following = rest.slice(flag + 1);
  const end = following.findIndex((word) => word.startsWith('-'));
  const listed = joined === undefined ? following.slice(0, end < 0 ? undefined : end) : [joined];
  const targets = listed.flatMap((word) => word.split(',')).filter((target) => /^[\w:.-]+$/.test(target));
  const typed = words.slice(0, at + 2);
  return targets.flatMap((target) => fanned(target, `nx ${target}`, [...typed, '-t', target], rest));
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
  return undefined;
}
