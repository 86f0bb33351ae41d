import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { plain } from '../native/leads.ts';
import type { LocalTool } from './local-tools.ts';
import { dotnetCalls, MAX_TARGETS, named, taskOf, withoutComments } from './targets.ts';
import type { Whole } from './whole.ts';

const TARGET = /\bTarget\s+(\w+)\s*=>/g;

/** NUKE, and what grew out of it: targets are properties of a class. https://nuke.build/docs/fundamentals/targets */
export function* nuke(repo: RepoView, tools: readonly LocalTool[], whole: Whole): Iterable<Signal> {
  const starts = startsOf(repo, tools);
  let told = false;
  for (const file of repo.files) {
    if (!file.name.endsWith('.cs') || !/\bTarget\s+\w+\s*=>/.test(file.text)) continue;
    const code = withoutComments(file.text);
    const found = [...code.matchAll(TARGET)].slice(0, MAX_TARGETS);
    for (const [index, { 0: head, 1: name = '', index: from }] of found.entries()) {
      const text = code.slice(from, found[index + 1]?.index ?? from + 6000);
      const at = file.at(file.lines.lineAt(from));
      if (!told) yield plain('build-system', 'nuke', '', at);
      told = true;
      const needs = [...text.matchAll(/\.(?:DependsOn|Triggers)\(([^()]{0,500})\)/g)].flatMap(([, names = '']) =>
        names.split(',').map((each) => each.replace(/^.*\./, '').trim()),
      );
      const target = {
        runner: 'nuke',
        name,
        at,
        body: dotnetCalls(text.slice(head.length), named(whole)),
        needs: [...new Set(needs)].filter((need) => /^\w+$/.test(need)),
        description: /\.Description\("([^"\n]{1,200})"/.exec(text)?.[1],
        hidden: /\.Unlisted\(\)/.test(text),
      };
      for (const [place, start] of starts.entries()) {
        // Pipelines may start it by another script: looked through, but said by the first.
        if (place === 0) yield* taskOf({ ...target, run: `${start} ${name}` }, whole.joined);
        else yield* taskOf({ ...target, run: `${start} ${name}`, hidden: true }, false);
      }
    }
  }
}

function startsOf(repo: RepoView, tools: readonly LocalTool[]): readonly string[] {
  const starts: string[] = [];
  if (repo.paths.isExecutable('build.sh')) starts.push('./build.sh');
  else if (repo.paths.isFile('build.sh')) starts.push('bash build.sh');
  for (const script of ['build.ps1', 'build.cmd']) if (repo.paths.isFile(script)) starts.push(`./${script}`);
  if (tools.some(({ id }) => id === 'nuke.globaltool')) starts.push('dotnet nuke');
  return starts.length > 0 ? starts : ['nuke'];
}
