import type { Ecosystem } from '../ecosystem.ts';
import type { Step } from '../signal.ts';
import { signalsOf } from './signals.ts';

/** What a CI system's plugin says of files: jobs as `job name path:line`, each step on one line with its lines' numbers. */
export async function pipelineOf(
  plugin: Ecosystem,
  files: Parameters<typeof signalsOf>[1],
): Promise<readonly string[]> {
  const { signals } = await signalsOf(plugin, files);
  return signals.flatMap((signal) => {
    if (signal.kind === 'step') return [brief(signal)];
    if (signal.kind !== 'fact') return [];
    const at = signal.evidence[0]!;
    return [`job ${signal.value} ${short(at.path)}:${at.line}`];
  });
}

/** `merge-request in web config.yml 3: npm ci ; 4: npm test`. */
function brief({ trigger, dir, script, lines, path }: Step): string {
  const text = script.split('\n').map((line, i) => `${lines[i]}: ${line}`);
  return `${trigger}${dir === '' ? '' : ` in ${dir}`} ${short(path)} ${text.join(' ; ')}`;
}

function short(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
