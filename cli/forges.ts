import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../codex/cache.ts';
import type { AuditLog } from '../forge/audit.ts';
import type { InstanceSettings } from '../forge/config.ts';
import { locateRepository } from '../forge/git/locate.ts';
import type { Forge } from '../forge/port.ts';
import type { RecordWrite } from '../forge/write-request.ts';
import { instancesOf } from './config/instances.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';
import { stateFolder } from './state-folder.ts';

/** A project of a GitLab instance, as it was named on the command line. */
export interface ProjectAddress {
  readonly instance: InstanceSettings;
  /** `group/name`. */
  readonly path: string;
}

/**
 * The project that a text names: its web address, `host/group/name`, or `group/name`, which is looked for in the first
 * instance. `undefined` for what is a folder, or can be none of these.
 *
 * @throws {UsageError} for the address of an instance that is not configured.
 */
export function projectAddress(text: string, loaded: LoadedConfig, env: NodeJS.ProcessEnv): ProjectAddress | undefined {
  const isUrl = /^https?:\/\//i.test(text);
  if (!isUrl && (existsSync(text) || !/^[\w][\w.-]*(?:\/[\w][\w.-]*)+$/.test(text))) return undefined;
  const instances = instancesOf(loaded, env);
  const withScheme = (url: string): string => (isUrl ? url : url.replace(/^https?:\/\//i, ''));
  for (const instance of instances.toSorted((a, b) => b.url.length - a.url.length)) {
    const base = `${withScheme(instance.url)}/`;
    if (!text.toLowerCase().startsWith(base.toLowerCase())) continue;
    const path = text
      .slice(base.length)
      .replace(/[?#].*$/, '')
      .replace(/\/-(?:\/.*)?$/, '')
      .replace(/(?:\.git)?\/*$/, '');
    return { instance, path };
  }
  if (isUrl) {
    const known =
      instances.map(({ url }) => url).join(', ') || 'none; set gitlab.instances, or GITLAB_URL and GITLAB_TOKEN';
    throw new UsageError(`${printableLine(text)}: no project of a configured GitLab instance (known: ${known})`);
  }
  const [first] = instances;
  return first && { instance: first, path: text };
}

/** Hands its forge to `use`, and closes it and the audit log afterwards. */
export async function withGitlab<T>(
  instance: InstanceSettings,
  use: (forge: Forge) => Promise<T>,
  record?: RecordWrite,
): Promise<T> {
  const { gitlabForge } = await import('../forge/gitlab/index.ts');
  const cache = cacheFolder(process.env);
  return await audited(async (audit) => {
    const forge = gitlabForge({
      instance,
      audit,
      ...(cache === undefined ? {} : { cacheDir: cache }),
      ...(record === undefined ? {} : { record }),
    });
    try {
      return await use(forge);
    } finally {
      await forge.close();
    }
  });
}

/**
 * Hands each configured instance to `use`, one after the other.
 * @throws {UsageError} where there is none.
 */
export async function eachInstance(loaded: LoadedConfig, use: (forge: Forge) => Promise<void>): Promise<void> {
  const instances = instancesOf(loaded, process.env);
  if (instances.length === 0)
    throw new UsageError(
      'no GitLab instance is known: set gitlab.instances, or GITLAB_URL and GITLAB_TOKEN; --dir FOLDER lists a folder',
    );
  for (const instance of instances) await withGitlab(instance, use);
}

/** {@link withGitlab} over a folder that is or holds repositories. */
export async function withFolder<T>(
  folder: string,
  use: (forge: Forge) => Promise<T>,
  record?: RecordWrite,
): Promise<T> {
  const { folderForge } = await import('../forge/folder/forge.ts');
  return await audited(async (audit) =>
    use(await folderForge(folder, { audit, ...(record === undefined ? {} : { record }) })),
  );
}

/** The same over one local repository; `use` gets its path in that forge, too. */
export async function withRepository<T>(
  folder: string,
  use: (forge: Forge, path: string) => Promise<T>,
  record?: RecordWrite,
): Promise<T> {
  const { dir, name } = await locateRepository(folder);
  return await withFolder(dir, (forge) => use(forge, name), record);
}

async function audited<T>(use: (audit: AuditLog) => Promise<T>): Promise<T> {
  const { openAuditFile } = await import('../forge/audit-file.ts');
  const audit = openAuditFile(join(stateFolder(process.env), 'audit.jsonl'));
  try {
    return await use(audit);
  } finally {
    audit.close();
  }
}
