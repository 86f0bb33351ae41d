import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { plain } from '../native/leads.ts';

/** Unity: the editor builds and tests; what can be told is its version. https://docs.unity3d.com/Manual/EditorCommandLineArguments.html */
export function* unity(repo: RepoView): Iterable<Signal> {
  for (const file of repo.files) {
    if (file.name !== 'ProjectVersion.txt' || !file.dir.endsWith('ProjectSettings')) continue;
    const line = file.find(/^m_EditorVersion: \S/);
    if (line === undefined) continue;
    const dir = file.dir.replace(/\/?ProjectSettings$/, '');
    const version = file.lines.line(line).slice('m_EditorVersion: '.length).trim();
    yield plain('build-system', 'unity', dir, file.at(line));
    yield plain('runtime.unity', version, dir, file.at(line));
    const packages = repo.file(dir === '' ? 'Packages/manifest.json' : `${dir}/Packages/manifest.json`);
    const tests = packages?.json()?.get('dependencies', 'com.unity.test-framework');
    if (packages && tests) yield plain('test-framework', 'unity-test-framework', dir, packages.at(tests.keyLine));
  }
}
