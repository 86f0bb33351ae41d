import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at, isNoLead } from '../native/side-folders.ts';

/** Xcode projects that are written by a tool: XcodeGen from `project.yml`, Tuist from Swift. */
export function* projectGenerators(repo: RepoView): Iterable<Signal> {
  for (const file of repo.files) {
    const { dir, name } = file;
    if (name !== 'project.yml' || isNoLead(dir)) continue;
    const targets = file.yaml()?.get('targets');
    const isXcodeGen = targets?.entries().some(([, target]) => target.get('type') && target.get('platform'));
    if (!targets || !isXcodeGen) continue;
    yield plain('build-system', 'xcodegen', dir, file.at(targets.keyLine), { weight: -1 });
    yield command('generate', 'xcodegen generate', dir, file.at(targets.keyLine));
  }
  yield* tuist(repo);
}

/** https://docs.tuist.dev: projects are described in Swift, and one command writes and opens them. */
function* tuist(repo: RepoView): Iterable<Signal> {
  const manifest = ['Workspace.swift', 'Project.swift', 'Tuist.swift', 'Tuist/Config.swift']
    .flatMap((name) => repo.file(name) ?? [])
    .find((file) => file.text.includes('ProjectDescription'));
  if (!manifest) return;
  const line = manifest.find('ProjectDescription') ?? 1;
  yield plain('build-system', 'tuist', '', manifest.at(line), { weight: 1 });
  const shown = tuistLine(repo);
  if (!shown) return;
  yield command('install', 'tuist install', '', shown, { weight: 1 });
  yield command('generate', 'tuist generate', '', shown);
  yield command('build', 'tuist build', '', shown);
  yield command('test', 'tuist test', '', shown);
}

/** Its manifests do not name it; the file that pins it, or its own settings, do. */
function tuistLine(repo: RepoView): Evidence | undefined {
  for (const name of ['Tuist.swift', 'mise.toml', '.mise.toml', '.tool-versions', 'Makefile', 'README.md']) {
    const file = repo.file(at('', name));
    const line = file?.find(/(?<![a-z\d])tuist(?![a-z\d])/i);
    if (file && line !== undefined) return file.at(line);
  }
  return undefined;
}
