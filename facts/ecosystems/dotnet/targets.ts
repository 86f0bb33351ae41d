import type { Evidence, Purpose } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command } from '../native/leads.ts';
import type { Whole } from './whole.ts';

/** A target of a build program. */
export interface Target {
  readonly runner: string;
  readonly name: string;
  readonly run: string;
  readonly at: Evidence;
  readonly body: readonly string[];
  readonly needs: readonly string[];
  readonly description?: string | undefined;
  readonly hidden?: boolean;
}

/** What the usual names of targets stand for. */
const PLAIN: readonly (readonly [name: RegExp, purpose: Purpose])[] = [
  [/^(?:build|compile|default|ci|all)$/i, 'build'],
  [/^(?:run-?)?(?:unit-?)?tests?(?:-?all)?$|^all-?tests$/i, 'test'],
  [/^(?:restore|nugetrestore|nuget-restore)$/i, 'install'],
];

/**
 * A target as a task. Where `direct` tells that `dotnet build` and its like work by themselves, targets that restore,
 * build and test the whole (and check, pack and measure on the way) are looked through, and named behind them.
 */
export function* taskOf(target: Target, direct: boolean): Iterable<Signal> {
  const { runner, name, run, at, body, needs, description, hidden = false } = target;
  const ships = /^(?:pack(?:age)?|nuget|publish|release|deploy|push)/i.test(name);
  const purpose = direct ? PLAIN.find(([plain]) => plain.test(name))?.[1] : undefined;
  if (purpose !== undefined && !hidden) yield command(purpose, run, '', at, { source: 'config', weight: -2 });
  yield {
    kind: 'task',
    runner,
    name,
    run,
    dir: '',
    at,
    body,
    needs,
    ...(description ? { description } : {}),
    ...(hidden || ships || purpose !== undefined ? { internal: true } : {}),
  };
}

/** Calls of .NET's command line in code: `DotNetBuild(`, `DotNet.test`, `DotNetTasks.DotNetFormat(`. */
const CALL = /\bDotNet(?:Core)?\.?(build|test|restore|pack|publish|format\w*|toolrestore)\b(?!["'])/gi;

/** What code that calls `dotnet` through a library runs, as a person would type it; `target` is what is built. */
export function dotnetCalls(code: string, target = ''): readonly string[] {
  const found = new Set<string>();
  for (const [, verb = ''] of code.matchAll(CALL)) {
    const said = verb.toLowerCase();
    if (said === 'toolrestore') found.add('dotnet tool restore');
    else if (!said.startsWith('format')) found.add(`dotnet ${said}${target}`);
    else found.add(`dotnet format${target}${/VerifyNoChanges/.test(code) ? ' --verify-no-changes' : ''}`);
  }
  if (/["'\s]fantomas\b/.test(code))
    found.add(/--check/.test(code) ? 'dotnet fantomas . --check' : 'dotnet fantomas .');
  if (/["'\s]csharpier\b/.test(code))
    found.add(/\bcheck\b/.test(code) ? 'dotnet csharpier check .' : 'dotnet csharpier format .');
  return [...found];
}

/** What `dotnet build` has to be told. */
export function named({ target, dir }: Whole): string {
  return target === undefined || dir !== '' ? '' : ` ${target}`;
}

/** More targets than anybody can choose from. */
export const MAX_TARGETS = 200;

/** Code without its comments, of the same length. What is never closed goes on to the end of the line, or of the file. */
export function withoutComments(code: string): string {
  return code.replace(/"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
}
