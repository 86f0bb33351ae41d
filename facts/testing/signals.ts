import { memoryRepository } from '../../forge/memory.ts';
import { detect } from '../detect.ts';
import type { Ecosystem } from '../ecosystem.ts';
import type { Problem } from '../fact.ts';
import { PathIndex } from '../path-index.ts';
import type { Signal } from '../signal.ts';

type Files = Parameters<typeof memoryRepository>[0];

/**
 * What plugins report of files given as `{ path: text }`, through the real reading and following. Sets of targets, which
 * only say again what tasks say, are asked for by {@link targetsOf}.
 */
export async function signalsOf(
  plugins: Ecosystem | readonly Ecosystem[],
  files: Files,
): Promise<{ signals: readonly Signal[]; problems: readonly Problem[] }> {
  const { signals, problems } = await detected(plugins, files);
  return { signals: signals.filter(({ kind }) => kind !== 'targets'), problems };
}

/** The sets of targets, each on a line: `make api: build test ~lint-.+ ...`, with dots where it is not complete. */
export async function targetsOf(plugin: Ecosystem, files: Files): Promise<readonly string[]> {
  const { signals } = await detected(plugin, files);
  return signals.flatMap((signal) => {
    if (signal.kind !== 'targets') return [];
    const { runner, dir, names, patterns, complete } = signal;
    const all = [...names, ...patterns.map((pattern) => `~${pattern}`), ...(complete ? [] : ['...'])];
    return [`${[runner, dir].filter(Boolean).join(' ')}: ${all.join(' ')}`.trimEnd()];
  });
}

async function detected(plugins: Ecosystem | readonly Ecosystem[], files: Files) {
  const reader = memoryRepository(files);
  return detect(reader, new PathIndex(await reader.paths()), Array.isArray(plugins) ? plugins : [plugins as Ecosystem]);
}
