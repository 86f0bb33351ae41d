import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { at } from '../native/side-folders.ts';
import { type Manifest, packageLine } from './manifest.ts';
import { isEvent } from './scripts.ts';
import { TOOLS, type Tool } from './tools.ts';

/** A tool that a project uses, and what shows it. */
export interface Use {
  readonly tool: Tool;
  /** What is typed to start it, arguments left out: `vendor/bin/phpcs`. */
  readonly program: string;
  readonly evidence: Evidence;
  /** Its configuration stands in the project's folder. */
  readonly configured: boolean;
  /** composer.json asks for it. */
  readonly required: boolean;
  /** The lines of scripts that run it. */
  readonly scripted: readonly string[];
}

/** The tools of a project, by name. */
export function usesOf(repo: RepoView, manifest: Manifest): ReadonlyMap<string, Use> {
  const phars = pharsOf(repo, manifest.dir);
  const uses = new Map<string, Use>();
  for (const tool of TOOLS) {
    const config = tool.configs.map((name) => at(manifest.dir, name)).find((path) => repo.paths.isFile(path));
    const required = packageLine(manifest, tool.packages);
    const scripted = scriptsRunning(manifest, tool.program);
    const script = scripted[0]?.line;
    const phar = phars.get(tool.program);
    if (config === undefined && required === undefined && script === undefined && !phar) continue;
    // A coding standard or an extension does not show which tool it is used with.
    const itself = packageLine(manifest, tool.packages.slice(0, 1));
    if (tool.needsConfig && config === undefined && script === undefined && itself === undefined) continue;
    const read = config === undefined ? undefined : repo.file(config);
    const setting = read?.find(tool.name === 'phpunit' ? '<phpunit' : tool.program) ?? read?.find(/\S/);
    const line = itself ?? required ?? script;
    const evidence =
      line !== undefined
        ? manifest.file.at(line)
        : (phar?.at ?? (read && setting !== undefined ? read.at(setting) : undefined));
    if (!evidence) continue;
    uses.set(tool.name, {
      tool,
      program: phar?.location ?? programOf(repo, manifest, tool, required !== undefined || script !== undefined),
      evidence,
      configured: config !== undefined,
      required: required !== undefined,
      scripted: scripted.map(({ text }) => text),
    });
  }
  return uses;
}

/** What scripts that people run do with a program. */
function scriptsRunning(
  { scripts }: Manifest,
  program: string,
): readonly { readonly text: string; readonly line: number }[] {
  return [...scripts.values()].flatMap(({ name, body, line }) =>
    isEvent(name) ? [] : body.flatMap((text) => (runs(text, program) ? [{ text, line }] : [])),
  );
}

/** The program as a word of a command, with or without its folder. */
function runs(text: string, program: string): boolean {
  for (let from = text.indexOf(program); from >= 0; from = text.indexOf(program, from + 1)) {
    const [before = ' ', after = ' '] = [text[from - 1], text[from + program.length]];
    if (/[\s/"'@&|;(]/.test(before) && /[\s"';&|)]/.test(after)) return true;
  }
  return false;
}

/** `phpunit` is a word of `"phpunit/phpunit"`, `pest` none of `"pestphp"`. */
export function hasWord(line: string, word: string): boolean {
  return line.split(/[^\w-]+/).includes(word);
}

/** Projects keep tools whose requirements clash with their own apart, each with a composer.json in `tools`. */
function programOf(repo: RepoView, { dir, bin }: Manifest, { program, global }: Tool, own: boolean): string {
  const apart = `tools/${program}`;
  if (!own && repo.paths.isFile(at(dir, `${apart}/composer.json`))) return `${apart}/vendor/bin/${program}`;
  return global && !own ? program : `${bin}${program}`;
}

/** What Phive installs. https://phar.io */
function pharsOf(
  repo: RepoView,
  dir: string,
): ReadonlyMap<string, { readonly location: string; readonly at: Evidence }> {
  const found = new Map<string, { location: string; at: Evidence }>();
  for (const name of ['.phive/phars.xml', 'phive.xml']) {
    const file = repo.file(at(dir, name));
    for (const phar of file?.xml()?.get('phive')?.all('phar') ?? []) {
      const program = phar.get('@name')?.text?.replace(/^.*\//, '');
      const location = phar.get('@location')?.text?.replace(/^\.\//, '');
      if (file && program !== undefined && location !== undefined && /^[\w./-]+$/.test(location))
        found.set(program, { location, at: file.at(phar.line) });
    }
  }
  return found;
}
