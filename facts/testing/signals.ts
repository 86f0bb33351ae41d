import { memoryRepository } from '../../forge/memory.ts';
import { detect } from '../detect.ts';
import type { Ecosystem } from '../ecosystem.ts';
import type { Problem } from '../fact.ts';
import { PathIndex } from '../path-index.ts';
import type { Signal } from '../signal.ts';

/** What plugins report of files given as `{ path: text }`, through the real reading and following. */
export async function signalsOf(
  plugins: Ecosystem | readonly Ecosystem[],
  files: Parameters<typeof memoryRepository>[0],
): Promise<{ signals: readonly Signal[]; problems: readonly Problem[] }> {
  const reader = memoryRepository(files);
  return detect(reader, new PathIndex(await reader.paths()), Array.isArray(plugins) ? plugins : [plugins as Ecosystem]);
}
