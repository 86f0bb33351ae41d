import { unwrap } from '../../commands/unwrap.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { dependencyLine, type Manifest, type Script } from './package-json.ts';
import { runnerCall } from './runners.ts';
import { CONFIG_ENDINGS, type Role, TOOLS, type Tool } from './tools.ts';

/** A tool that a package uses, with its best evidence. */
export interface Use {
  readonly tool: Tool;
  readonly roles: readonly Role[];
  readonly evidence: Evidence;
  /** Run by `test` or its like, by another script, configured by a file or section, or only installed. */
  readonly how: 'main-script' | 'script' | 'config' | 'installed';
  /** A configuration file or section is there. */
  readonly configured: boolean;
}

/** Which tools' configuration files lie in which folder: folder, tool's name, path. */
export type ConfigIndex = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Finds every configuration file in one pass over the names there are. */
export function configIndex(repo: RepoView): ConfigIndex {
  const index = new Map<string, Map<string, string>>();
  for (const tool of TOOLS) {
    const names = tool.configs.flatMap((name) =>
      name.endsWith('.') ? CONFIG_ENDINGS.map((ending) => name + ending) : [name],
    );
    for (const name of names) {
      for (const path of repo.paths.named(name)) {
        if (!repo.paths.isFile(path)) continue;
        const dir = path.slice(0, Math.max(0, path.length - name.length - 1));
        const tools = index.get(dir) ?? new Map<string, string>();
        if (!tools.has(tool.name)) tools.set(tool.name, path);
        index.set(dir, tools);
      }
    }
  }
  return index;
}

/** The tools of one package, each with its best evidence: a script that runs it, its configuration, its dependency line. */
export function toolsOf(repo: RepoView, manifest: Manifest, configs: ConfigIndex): readonly Use[] {
  const uses: Use[] = [];
  const ran = scriptsByTool(manifest);
  const found = configs.get(manifest.dir);
  for (const tool of TOOLS) {
    const section = tool.section === undefined ? undefined : manifest.tree.get(tool.section);
    const config = found?.get(tool.name);
    const installed = dependencyLine(manifest, tool.packages);
    const configured = section !== undefined || config !== undefined;
    const scripts = ran.get(tool.name) ?? [];
    const main = scripts.find(({ name }) => MAIN_NAMES.has(name));
    const script = main ?? scripts.find(({ name }) => name.includes(tool.name)) ?? scripts[0];
    const roles = rolesOf(repo, tool, config);
    const use = (how: Use['how'], evidence: Evidence): void =>
      void uses.push({ tool, roles, evidence, how, configured });
    if (script) use(main ? 'main-script' : 'script', manifest.file.at(script.bodyLine));
    // A tsconfig.json serves every editor; without the compiler nothing is checked.
    else if (configured && (tool.name !== 'tsc' || installed !== undefined)) {
      const line = section?.keyLine ?? installed;
      const read = config === undefined ? undefined : repo.file(config);
      if (line !== undefined) use('config', manifest.file.at(line));
      else if (read && read.lines.count > 0) use('config', read.at(1));
    } else if (installed !== undefined && !tool.needsConfig) use('installed', manifest.file.at(installed));
  }
  return uses;
}

const MAIN_NAMES = new Set(['test', 'lint', 'format', 'fmt', 'typecheck', 'type-check', 'check-types', 'check']);

const BY_PROGRAM = Map.groupBy(
  TOOLS.flatMap((tool) => tool.programs.map((program) => ({ tool, program, words: program.split(' ') }))),
  ({ words }) => words[0]!,
);

/** The scripts that run a tool, by the tool's name. */
function scriptsByTool({ scripts }: Manifest): ReadonlyMap<string, readonly Script[]> {
  const ran = new Map<string, Script[]>();
  for (const script of scripts.values()) {
    const tools = new Set(script.calls.flatMap((call) => toolsRun(call)));
    for (const tool of tools) ran.set(tool, [...(ran.get(tool) ?? []), script]);
  }
  return ran;
}

function toolsRun(call: Script['calls'][number]): readonly string[] {
  const words = bare(unwrap(call.words).words);
  const found = (BY_PROGRAM.get(words[0] ?? '') ?? [])
    .filter((candidate) => candidate.words.every((word, i) => words[i] === word))
    .map(({ tool }) => tool.name);
  const runner = found.length === 0 ? runnerCall(call)?.framework : undefined;
  return runner === undefined ? found : [runner];
}

/** Without the folder of the program, and without a manager that only finds it: `pnpm vitest`, `bun --bun run vitest`. */
function bare(words: readonly string[]): readonly string[] {
  const program = words[0]?.slice(words[0].lastIndexOf('/') + 1) ?? '';
  if (program === 'pnpm' || program === 'yarn' || (program === 'bun' && words[1] !== 'test')) {
    const at = words.findIndex((word, i) => i > 0 && word !== 'run' && word !== '--bun');
    if (at > 0 && BY_PROGRAM.has(words[at]!)) return words.slice(at);
  }
  return [program, ...words.slice(1)];
}

/** A Biome configuration may switch either half off. */
function rolesOf(repo: RepoView, tool: Tool, config: string | undefined): readonly Role[] {
  if (tool.name !== 'biome' || config === undefined) return tool.roles;
  const tree = repo.file(config)?.json();
  return tool.roles.filter((role) => tree?.get(role, 'enabled')?.value !== false);
}
