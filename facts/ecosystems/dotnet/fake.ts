import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { plain } from '../native/leads.ts';
import { sourceTokens } from '../native/source-tokens.ts';
import { blanked, FSHARP } from './fun-build.ts';
import type { LocalTool } from './local-tools.ts';
import { dotnetCalls, MAX_TARGETS, named, taskOf, withoutComments } from './targets.ts';
import type { Whole } from './whole.ts';

/** FAKE: `Target.create "Build" ...` in a script or a project of its own. https://fake.build/guide/core-targets.html */
export function* fake(repo: RepoView, tools: readonly LocalTool[], whole: Whole): Iterable<Signal> {
  for (const file of repo.files) {
    if (!/\.fsx?$/.test(file.name) || !file.text.includes('Target.create')) continue;
    yield plain('build-system', 'fake', '', file.at(file.find('Target.create') ?? 1));
    const start = startOf(repo, file, tools);
    const needs = dependencies(file);
    const code = withoutComments(blanked(file));
    const created = [...code.matchAll(/\bTarget\.create(?:Final|BuildFailure)?\s+"([^"\n]{1,80})"/g)].slice(
      0,
      MAX_TARGETS,
    );
    for (const [index, { 0: head, 1: name = '', index: from }] of created.entries()) {
      const text = code.slice(from + head.length, created[index + 1]?.index ?? from + head.length + 4000);
      yield* taskOf(
        {
          runner: 'fake',
          name,
          run: start(name),
          at: file.at(file.lines.lineAt(from + head.indexOf('"'))),
          body: dotnetCalls(bodyOf(text, code), named(whole)),
          needs: needs.get(name) ?? [],
          hidden: !/^[\w.:-]+$/.test(name),
        },
        false,
      );
    }
    return;
  }
}

/** How a target is asked for: by the script that hands its arguments on, else by what runs the file. */
function startOf(repo: RepoView, file: SourceFile, tools: readonly LocalTool[]): (name: string) => string {
  const script = repo.file('build.sh');
  if (script && /"?\$[@*]/.test(script.text)) {
    const shell = repo.paths.isExecutable('build.sh') ? './build.sh' : 'bash build.sh';
    return /(?:-t|--target|target)[ =]+"?\$[@*1]/.test(script.text)
      ? (name) => `${shell} ${name}`
      : (name) => `${shell} -t ${name}`;
  }
  if (file.name.endsWith('.fs')) return (name) => `dotnet run --project ${file.dir} -- -t ${name}`;
  if (tools.some(({ id }) => id === 'fake-cli')) return (name) => `dotnet fake build -t ${name}`;
  return (name) => `dotnet fsi ${file.path} -t ${name}`;
}

/** `"Clean" ==> "Build"`: Build needs Clean. Soft orders (`?=>`) run nothing. */
function dependencies(file: SourceFile): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, string[]>();
  const tokens = sourceTokens(blanked(file), FSHARP).filter(({ kind }) => kind !== 'comment');
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]!.kind !== 'text') continue;
    const signs = tokens.slice(i + 1, i + 5);
    const end = signs.findIndex(({ kind }) => kind !== 'sign');
    const operator = signs
      .slice(0, Math.max(0, end))
      .map(({ text }) => text)
      .join('');
    const next = signs[end];
    if (!/^==>!?$/.test(operator) || next?.kind !== 'text') continue;
    const list = needs.get(next.text) ?? [];
    needs.set(next.text, [...list, tokens[i]!.text]);
  }
  return needs;
}

/** What stands behind the name up to the next declaration, and the function that it names. */
function bodyOf(text: string, code: string): string {
  const name = /^\s*([A-Za-z_]\w*)\s*(?:\n|$)/.exec(text)?.[1];
  if (name === undefined) return text.split(/\n(?=\S)/, 1)[0] ?? '';
  const at = code.search(new RegExp(`^[ \\t]*let (?:rec |inline |private )?${name}\\b`, 'm'));
  if (at < 0) return '';
  const definition = code.slice(at, at + 4000);
  return definition.split(/\n(?=(?:let|open|module|type|Target)\b)/, 1)[0] ?? '';
}
