import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Signal, Step } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command } from '../native/leads.ts';
import { nodeTool } from './node-tool.ts';

/**
 * Netlify runs `build.command` in `build.base`: a pipeline of its own, read as one that releases.
 * https://docs.netlify.com/configure-builds/file-based-configuration/
 */
export function* netlify(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const build = file.toml()?.get('build');
  const dir = joinPath(file.dir, build?.get('base')?.text ?? '.');
  if (dir !== undefined && (dir === '' || repo.paths.hasDir(dir))) yield* release(file, build?.get('command'), dir);
  const dev = file.toml()?.get('dev');
  if (dev?.kind === 'map')
    yield command('run', nodeTool(repo, file.dir, 'netlify dev'), file.dir, file.at(dev.keyLine), { weight: -2 });
}

/** https://vercel.com/docs/project-configuration */
export function* vercel(file: SourceFile): Iterable<Signal> {
  for (const key of ['installCommand', 'buildCommand']) yield* release(file, file.json()?.get(key), file.dir);
}

/** The emulators stand in for what is deployed. https://firebase.google.com/docs/emulator-suite/install_and_configure */
export function* firebase(file: SourceFile): Iterable<Signal> {
  const emulators = file.json()?.get('emulators');
  if (emulators?.kind === 'map') {
    const line = file.at(emulators.keyLine);
    yield command('run', 'firebase emulators:start', file.dir, line, { weight: -2 });
  }
}

function* release(file: SourceFile, script: Tree | undefined, dir: string): Iterable<Step> {
  if (!script?.text?.trim()) return;
  const lines = script.textLines();
  yield {
    kind: 'step',
    script: lines.map(({ text }) => text).join('\n'),
    path: file.path,
    lines: lines.map(({ line }) => line),
    dir,
    pipeline: file.name,
    job: 'build',
    trigger: 'release',
  };
}
