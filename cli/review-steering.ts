import { dirname, join, resolve } from 'node:path';
import { type CodexSource, STARTER } from '../codex/source.ts';
import { isRemoteAddress } from '../forge/git/remote-address.ts';
import { ConfigError } from './config/config-error.ts';
import type { LoadedConfig } from './config/load.ts';
import { repositoryAround } from './config/servers.ts';
import { insideOf } from './config-of-change.ts';

/** Where the configuration may have what decides about reviews. */
interface Steering {
  readonly config: LoadedConfig;
  readonly codex: CodexSource | undefined;
  /** The folder that is reviewed, if it is one. */
  readonly folder: string | null;
  /** The project of a merge request. */
  readonly project: string | undefined;
}

/** The folders of the repository that is reviewed, from its top, whose files decide about reviews: the codex, agents, the configuration. */
export function steeringFolders({ config, codex, folder, project }: Steering): readonly string[] {
  const agents = ownAgentsOf(config);
  const there = [...(config.file === undefined ? [] : [config.file]), ...(agents === undefined ? [] : [agents])];
  const inside = folder === null ? [] : there.map((path) => insideOf(topOf(folder), path));
  return [...inside, codexFolder(codex, folder, project)].filter((path) => path !== undefined);
}

/** @throws {ConfigError} where a merge request would bring the agents that judge it: they are taken as they lie on disk. */
export function assertAgentsElsewhere(config: LoadedConfig, folder: string): void {
  const agents = ownAgentsOf(config);
  if (agents === undefined || insideOf(topOf(folder), agents) === undefined) return;
  throw new ConfigError([
    `agents.dir: ${agents} lies in the clone of what is reviewed, which would choose the agents that judge it; keep it elsewhere`,
  ]);
}

function codexFolder(
  codex: CodexSource | undefined,
  folder: string | null,
  project: string | undefined,
): string | undefined {
  if (codex === undefined || codex.from === STARTER) return undefined;
  const { from, folder: below = '' } = codex;
  if (!isRemoteAddress(from)) return folder === null ? undefined : insideOf(topOf(folder), join(resolve(from), below));
  const path = from.toLowerCase().replace(/(?:\.git)?\/*$/, '');
  return project !== undefined &&
    /[/:]/.test(path.at(-project.length - 1) ?? '') &&
    path.endsWith(project.toLowerCase())
    ? below.replace(/^\/+|\/+$/g, '')
    : undefined;
}

function ownAgentsOf({ file, values }: LoadedConfig): string | undefined {
  return values.agents.dir === '' ? undefined : resolve(file === undefined ? '.' : dirname(file), values.agents.dir);
}

function topOf(folder: string): string {
  return repositoryAround(folder) ?? resolve(folder);
}
