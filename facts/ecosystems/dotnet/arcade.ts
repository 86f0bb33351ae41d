import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';

/**
 * Arcade, the shared build of the .NET foundation: `eng/common/` brings an SDK of its own, so that its scripts come before
 * a plain `dotnet`. https://github.com/dotnet/arcade/blob/main/Documentation/ArcadeSdk.md
 */
export function* arcade(repo: RepoView): Iterable<Signal> {
  const file = repo.file('global.json');
  const sdk = file?.json()?.get('msbuild-sdks', 'Microsoft.DotNet.Arcade.Sdk');
  if (!file || !sdk || !repo.paths.isFile('eng/common/build.sh')) return;
  const evidence = file.at(sdk.keyLine);
  yield plain('build-system', 'arcade', '', evidence, { weight: 1 });
  if (repo.paths.isFile('restore.sh')) yield command('install', './restore.sh', '', evidence, { weight: 2 });
  if (!repo.paths.isFile('build.sh')) return;
  yield command('build', './build.sh', '', evidence, { weight: 1 });
  if (!repo.paths.isFile('test.sh')) yield command('test', './build.sh --test', '', evidence, { weight: 0.5 });
}
