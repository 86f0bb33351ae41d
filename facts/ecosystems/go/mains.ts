import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { commandsOf, goFilesIn } from './modules.ts';

/** A program of a module: what `go run` takes. */
export interface MainPackage {
  /** `.` or `./cmd/x`. */
  readonly target: string;
  readonly path: string;
  readonly at: Evidence;
}

/** The programs at a module's root and in its `cmd/x` folders, the root's first. */
export function mainPackages(repo: RepoView, dir: string): readonly MainPackage[] {
  const mains: MainPackage[] = [];
  for (const path of goFilesIn(repo, dir)) {
    const main = mainOf(repo, path);
    if (main) {
      mains.push({ target: '.', path, at: main });
      break;
    }
  }
  for (const path of commandsOf(repo, dir)) {
    const main = mainOf(repo, path);
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (main) mains.push({ target: `./${dir === '' ? folder : folder.slice(dir.length + 1)}`, path, at: main });
  }
  return mains;
}

/** The line of `func main()`, in a file that is part of an ordinary build: scripts and magefiles are kept out by a constraint. */
function mainOf(repo: RepoView, path: string): Evidence | undefined {
  const file = repo.file(path);
  if (!file) return undefined;
  const constraint = file.find(/^\/\/ ?(?:go:build|\+build) /);
  if (constraint !== undefined && /\b(?:ignore|mage|tools|generate|gen)\b/.test(file.lines.line(constraint)))
    return undefined;
  const line = file.find(/^func main\(\)/);
  return line !== undefined && file.find(/^package main\b/) !== undefined ? file.at(line) : undefined;
}
