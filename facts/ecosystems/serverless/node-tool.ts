import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { runTool } from '../javascript/manager-verbs.ts';
import { chooseManager } from '../javascript/managers.ts';
import { readManifest } from '../javascript/package-json.ts';
import { at, upwards } from '../native/side-folders.ts';

/** A tool of npm as people start it in a folder: by the manager of the nearest package.json, else with `npx`. */
export function nodeTool(repo: RepoView, dir: string, command: string): string {
  for (const here of upwards(dir)) {
    const file = repo.file(at(here, 'package.json'));
    const manifest = file && readManifest(file);
    if (manifest) return runTool(chooseManager(repo, manifest).name, command, manifest.scripts);
  }
  return `npx ${command}`;
}

/** The line on which a package.json above a folder depends on a tool. */
export function dependencyOn(repo: RepoView, dir: string, tool: string): Evidence | undefined {
  for (const here of upwards(dir)) {
    const file = repo.file(at(here, 'package.json'));
    const line = file && readManifest(file)?.dependencies.get(tool);
    if (file && line) return file.at(line);
  }
  return undefined;
}

/** Every package.json that {@link nodeTool} may look at. */
export function* manifestsAbove(dir: string): Iterable<string> {
  for (const here of upwards(dir)) yield at(here, 'package.json');
}
