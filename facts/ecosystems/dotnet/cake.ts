import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { plain } from '../native/leads.ts';
import type { LocalTool } from './local-tools.ts';
import { dotnetCalls, MAX_TARGETS, named, taskOf, withoutComments } from './targets.ts';
import type { Whole } from './whole.ts';

const TASK = /^[ \t]*(?:var \w+ = )?Task\("([^"\n]{1,80})"\)/gm;
const FROSTING = /\[TaskName\("([^"\n]{1,80})"\)\]/g;

/** Cake scripts, files of Cake.Sdk, and Frosting projects. https://cakebuild.net/docs/writing-builds/tasks/ */
export function* cake(repo: RepoView, tools: readonly LocalTool[], whole: Whole): Iterable<Signal> {
  let told = false;
  for (const file of repo.files) {
    if (!/\.(?:cake|cs)$/.test(file.name)) continue;
    const pattern = file.text.includes('[TaskName(') ? FROSTING : TASK;
    if (pattern === TASK && file.name.endsWith('.cs') && !/^#:sdk Cake\.Sdk/m.test(file.text)) continue;
    const code = withoutComments(file.text);
    const found = [...code.matchAll(pattern)].slice(0, MAX_TARGETS);
    for (const [index, { 0: head, 1: name = '', index: from }] of found.entries()) {
      const text = code.slice(from, found[index + 1]?.index ?? from + 6000);
      const at = file.at(file.lines.lineAt(from + head.indexOf('"')));
      if (!told) yield plain('build-system', 'cake', '', at);
      told = true;
      yield* taskOf(
        {
          runner: 'cake',
          name,
          run: startOf(repo, file, tools)(name),
          at,
          body: dotnetCalls(text, named(whole)),
          needs: [...text.matchAll(/\.IsDependentOn\("([^"\n]{1,80})"\)/g)].map(([, need = '']) => need),
          description: /\.Description\("([^"\n]{1,200})"\)/.exec(text)?.[1],
          hidden: name.startsWith('_') || !/^[\w.:-]+$/.test(name),
        },
        whole.joined,
      );
    }
  }
}

function startOf(repo: RepoView, file: SourceFile, tools: readonly LocalTool[]): (name: string) => string {
  if (repo.paths.isFile('build.sh')) {
    const shell = repo.paths.isExecutable('build.sh') ? './build.sh' : 'bash build.sh';
    return (name) => `${shell} --target=${name}`;
  }
  if (repo.paths.isFile('build.ps1')) return (name) => `./build.ps1 -Target ${name}`;
  if (file.name.endsWith('.cs') && file.dir !== '')
    return (name) => `dotnet run --project ${file.dir} -- --target=${name}`;
  if (file.name.endsWith('.cs')) return (name) => `dotnet run ${file.path} -- --target=${name}`;
  return tools.some(({ id }) => id === 'cake.tool')
    ? (name) => `dotnet cake --target=${name}`
    : (name) => `dotnet-cake --target=${name}`;
}
