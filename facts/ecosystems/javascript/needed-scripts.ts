import { joinPath } from '../../path-index.ts';
import type { Manifest, Script } from './package-json.ts';
import { type ScriptCall, scriptCall } from './script-calls.ts';

/** Scripts of its own package that a script runs. */
export function neededScripts(script: Script, manifest: Manifest): readonly string[] {
  const { here, many } = calledScripts(script, manifest);
  // `turbo run lint test` at the root runs the packages' scripts; the root's of the same names stand for them, unless
  // they only lead back here.
  const own = many.filter((name) => !here.includes(name) && !reaches(name, script.name, manifest));
  return [...here, ...own].filter((name) => name !== script.name);
}

/** What runs tasks of a whole workspace by name; `pnpm -r` and `--filter` run those of other packages. */
const ORCHESTRATORS = /\b(?:turbo|nx|wireit)\b/;

function calledScripts(script: Script, manifest: Manifest): { here: readonly string[]; many: readonly string[] } {
  const names = [...manifest.scripts.keys()];
  const here = new Set<string>(script.wired);
  const many = new Set<string>();
  for (const { words, dir } of script.calls) {
    const call = dir === '' ? scriptCall(words) : undefined;
    if (!call || (typeof call.where !== 'string' && !isHere(call.where, manifest))) continue;
    if (call.where === 'many' && !ORCHESTRATORS.test(words.join(' '))) continue;
    const found = call.scripts.flatMap((wanted) => expand(wanted, names)).filter((name) => manifest.scripts.has(name));
    for (const name of found) (call.where === 'many' ? many : here).add(name);
  }
  return { here: [...here].filter((name) => manifest.scripts.has(name)), many: [...many] };
}

const MAX_REACH = 50;

function reaches(from: string, to: string, manifest: Manifest): boolean {
  const queue = [from];
  for (let i = 0; i < queue.length && i < MAX_REACH; i++) {
    const script = manifest.scripts.get(queue[i]!);
    const { here, many } = script ? calledScripts(script, manifest) : { here: [], many: [] };
    if (here.includes(to) || many.includes(to)) return true;
    for (const name of here) if (!queue.includes(name)) queue.push(name);
  }
  return false;
}

function isHere(where: Exclude<ScriptCall['where'], string>, manifest: Manifest): boolean {
  return 'name' in where ? where.name === manifest.name : joinPath(manifest.dir, where.dir) === manifest.dir;
}

/** `lint:*` and `test:**`: npm-run-all's patterns, in which `:` separates as `/` does in paths. */
function expand(wanted: string, names: readonly string[]): readonly string[] {
  if (!wanted.includes('*')) return [wanted];
  const parts = wanted.split(':');
  return names.filter((name) => {
    const own = name.split(':');
    if (parts.at(-1) === '**' ? own.length < parts.length : own.length !== parts.length) return false;
    return parts.every((part, i) => {
      if (part === '**' || part === '*') return true;
      const star = part.indexOf('*');
      return star < 0
        ? own[i] === part
        : own[i]!.length >= part.length - 1 &&
            own[i]!.startsWith(part.slice(0, star)) &&
            own[i]!.endsWith(part.slice(star + 1));
    });
  });
}
