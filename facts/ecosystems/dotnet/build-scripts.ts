import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command } from '../native/leads.ts';
import { arcade } from './arcade.ts';
import { cake } from './cake.ts';
import { fake } from './fake.ts';
import { funBuild } from './fun-build.ts';
import type { LocalTool } from './local-tools.ts';
import { nuke } from './nuke.ts';
import { powershell } from './powershell.ts';
import type { Whole } from './whole.ts';

/** Programs that build the repository in the language it is written in, and the tasks they have. */
export function* buildScripts(repo: RepoView, whole: Whole, tools: readonly LocalTool[]): Iterable<Signal> {
  // Where a plain `dotnet build` does, that is what people type while they work; the script is for the whole round.
  const direct = whole.joined;
  yield* funBuild(repo, direct);
  yield* fake(repo, tools, whole);
  yield* nuke(repo, tools, whole);
  yield* cake(repo, tools, whole);
  yield* powershell(repo, direct);
  yield* arcade(repo);
  // What it builds by default is up to the program that it starts.
  const script = repo.file('build.sh');
  const line = script?.find(/\bdotnet\b.*\$[@*]|DOTNET.*\$[@*]/);
  if (script && line !== undefined) {
    const run = repo.paths.isExecutable('build.sh') ? './build.sh' : 'bash build.sh';
    yield command('build', run, '', script.at(line), { source: 'config', weight: direct ? -2 : 0 });
  }
}
