import type { Purpose } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { hasWord, type Use } from './uses.ts';

/** What a project is tested, linted, formatted and analysed with. */
export function* toolFacts(uses: ReadonlyMap<string, Use>, dir: string, shift: number): Generator<Signal> {
  for (const { tool, evidence, configured, scripted } of uses.values()) {
    const weight = shift + (tool.weight ?? 0) - (configured || scripted.length > 0 ? 0 : 1);
    yield plain(tool.key, tool.name, dir, evidence, { weight });
    if (tool.also) yield plain(tool.also, tool.name, dir, evidence, { weight: weight - 0.5 });
  }
}

/** `vendor/bin/phpcs`: where a script runs the tool already, the script comes first. */
export function* qualityCommands(
  uses: ReadonlyMap<string, Use>,
  manifest: SourceFile,
  shift: number,
): Generator<Signal> {
  const linted = [...uses.values()].some(({ tool }) => tool.key === 'linter' && tool.commands?.lint !== undefined);
  for (const use of uses.values()) {
    const { tool, program, evidence, configured, required } = use;
    if (!configured && (!required || tool.needsConfig)) continue;
    for (const [purpose, typed] of Object.entries(tool.commands ?? {}) as [Purpose, string][]) {
      const [name = '', ...rest] = typed.split(' ');
      const run = [program.replace(/[^/]+$/, name), ...rest].join(' ');
      const shown = manifest.path === evidence.path && hasWord(manifest.lines.line(evidence.line), name);
      const weight =
        shift +
        (tool.weight ?? 0) +
        (isScripted(purpose, use) ? -3 : 0) +
        // It came with another package, or is installed outside the project.
        (required ? 0 : -0.5) +
        // A formatter that only looks stands in for a linter.
        (purpose === 'lint' && tool.key === 'formatter' ? (linted ? -3 : -1) : 0);
      const lines = shown || evidence.path === manifest.path ? [evidence] : [evidence, manifest.at(1)];
      yield command(purpose, run, manifest.dir, lines, { weight, source: shown ? 'config' : 'convention' });
    }
  }
}

/** A script that only looks does not format, one that writes does not lint. */
function isScripted(purpose: Purpose, { tool, scripted }: Use): boolean {
  if (tool.key !== 'formatter') return scripted.length > 0;
  return scripted.some((text) => /\s--(?:dry-run|test|check)\b/.test(text) === (purpose === 'lint'));
}
