import type { Signal } from '../../signal.ts';

/** A signal as one line a test can read and compare whole. */
export function say(signal: Signal): string {
  const at = 'evidence' in signal ? signal.evidence : 'at' in signal ? [signal.at] : [];
  const where = at.map(({ path, line }) => `${path}:${line}`).join(' ');
  const dir = signal.dir === '' ? '' : ` in ${signal.dir}`;
  if (signal.kind === 'fact') return `${signal.key} = ${signal.value}${dir} <- ${where}`;
  if (signal.kind === 'command') return `${signal.purpose}: ${signal.run}${dir} (${signal.source}) <- ${where}`;
  if (signal.kind === 'launcher') return `launcher ${signal.prefix}${dir} <- ${where}`;
  if (signal.kind !== 'task') return signal.kind;
  const needs = signal.needs.length > 0 ? ` after ${signal.needs.join(' ')}` : '';
  return `task ${signal.run}${signal.internal ? ' (internal)' : ''}${dir}${needs} <- ${where}`;
}
