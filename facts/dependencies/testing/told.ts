import { signalsOf } from '../../testing/signals.ts';
import { DEPENDENCY_PLUGINS } from '../index.ts';

/** `npm react ^19.0.0 =19.2.0 dev package.json:3`, and `own a 1.2.3 package.json:2`. */
export async function told(files: Record<string, string>): Promise<readonly string[]> {
  const { signals } = await signalsOf(DEPENDENCY_PLUGINS, files);
  return signals.flatMap((signal) => {
    if (signal.kind === 'own-version')
      return [`own ${signal.name ?? '-'} ${signal.version} ${signal.at.path}:${signal.at.line}`];
    if (signal.kind !== 'dependency') return [];
    const { registry, name, range, locked, dev, indirect, at } = signal;
    return [
      [
        registry,
        name,
        range ?? '-',
        ...(locked ? [`=${locked}`] : []),
        ...(dev ? ['dev'] : []),
        ...(indirect ? ['indirect'] : []),
        `${at.path}:${at.line}`,
      ].join(' '),
    ];
  });
}

/** As people format it. */
export const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
