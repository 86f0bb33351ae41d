import { ecosystem } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import { joinPath } from '../path-index.ts';
import { branchFits, OCCASIONS, triggerOf } from './ci-occasions.ts';
import { type ScriptLine, scriptLines, scriptStep, windowsLines } from './ci-scripts.ts';

/** AppVeyor: its phases' lines, mostly of `cmd` and PowerShell. https://www.appveyor.com/docs/build-configuration/ */
export const appveyor = ecosystem({
  id: 'appveyor',
  title: 'AppVeyor',
  files: ['appveyor.yml', '.appveyor.yml', 'appveyor.yaml'],
  depth: 1,
  *detect(repo) {
    const [file] = repo.files;
    const tree = file?.yaml();
    if (file === undefined || tree === undefined) return;
    const only = tree.get('branches', 'only')?.texts() ?? [];
    const ignore = tree.get('branches', 'except')?.texts() ?? [];
    const occasions = OCCASIONS.filter((occasion) => occasion.request || branchFits({ only, ignore }, occasion));
    const place = { path: file.path, pipeline: file.name, job: '', trigger: triggerOf(occasions) };
    for (const phase of PHASES) {
      for (const { dir, lines } of partsOf(tree.get(phase))) yield* scriptStep(lines, { ...place, dir });
    }
  },
});

const PHASES = [
  'init',
  'install',
  'before_build',
  'build_script',
  'after_build',
  'before_test',
  'test_script',
  'after_test',
];

interface Part {
  readonly dir: string;
  readonly lines: ScriptLine[];
}

/** `cd %APPVEYOR_BUILD_FOLDER%\x`: back to the repository, wherever the lines before have led. */
const BACK = /^cd\s+["']?(?:%APPVEYOR_BUILD_FOLDER%|\$env:APPVEYOR_BUILD_FOLDER)([^"']*)/i;

/** The lines of a phase, in parts that start in a known folder. */
function partsOf(phase: Tree | undefined): readonly Part[] {
  const parts: Part[] = [{ dir: '', lines: [] }];
  for (const { lines, windows } of scriptsOf(phase)) {
    let pending: ScriptLine[] = [];
    const flush = (): void => {
      parts.at(-1)!.lines.push(...(windows ? windowsLines(pending) : pending));
      pending = [];
    };
    for (const line of lines) {
      const back = BACK.exec(line.text.trim())?.[1];
      if (back === undefined) pending.push(line);
      else {
        flush();
        parts.push({ dir: joinPath('', back.replaceAll('\\', '/').replace(/^\/+/, '')) ?? '', lines: [] });
      }
    }
    flush();
  }
  return parts;
}

/** `- npm ci`, `- cmd: npm ci`, `- ps: ...`, `- sh: ...`. */
function scriptsOf(
  phase: Tree | undefined,
): readonly { readonly lines: readonly ScriptLine[]; readonly windows: boolean }[] {
  const items = phase === undefined || phase.kind === 'list' ? (phase?.items() ?? []) : [phase];
  return items.flatMap((item) => {
    if (item.text !== undefined) return [{ lines: scriptLines(item), windows: true }];
    return item.entries().map(([shell, script]) => ({ lines: scriptLines(script), windows: shell !== 'sh' }));
  });
}
