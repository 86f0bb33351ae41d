import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../codex/cache.ts';
import type { AuditLog } from '../forge/audit.ts';
import type { AuditFile } from '../forge/audit-file.ts';
import type { InstanceSettings } from '../forge/config.ts';
import type { FolderForgeOptions } from '../forge/folder/forge.ts';
import { locateRepository } from '../forge/git/locate.ts';
import { withoutSecrets } from '../forge/git/remote-address.ts';
import type { Attempt } from '../forge/gitlab/http/port.ts';
import type { GitlabForgeSettings } from '../forge/gitlab/index.ts';
import type { Forge } from '../forge/port.ts';
import type { RecordWrite } from '../forge/write-request.ts';
import { instancesOf } from './config/instances.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import type { Output } from './output.ts';
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
  if (!isUrl && (existsSync(text) || !couldBeProject(text))) return undefined;
  const instances = instancesOf(loaded, env);
  const withScheme = (url: string): string => (isUrl ? url : url.replace(/^https?:\/\//i, ''));
  for (const instance of instances.toSorted((a, b) => b.url.length - a.url.length)) {
    const base = `${withScheme(instance.url)}/`;
    if (!text.toLowerCase().startsWith(base.toLowerCase())) continue;
    const path = projectPath(text.slice(base.length));
    if (path !== '') return { instance, path };
  }
  if (isUrl) {
    const known =
      instances.map(({ url }) => url).join(', ') || 'none; set gitlab.instances, or GITLAB_URL and GITLAB_TOKEN';
    const shown = printableLine(withoutSecrets(text));
    throw new UsageError(`${shown}: no project of a configured GitLab instance (known: ${known})`);
  }
  const [first] = instances;
  return first && { instance: first, path: projectPath(text) };
}

/** `group/name`, `group/sub/name`, with a host before it or not. */
export function couldBeProject(text: string): boolean {
  return /^\w[\w.-]*(?::\d+)?(?:\/[\p{L}\p{N}_][\p{L}\p{N}_.+-]*)+\/?$/u.test(text);
}

/** Without what a browser's address has behind it. */
function projectPath(text: string): string {
  return text
    .replace(/[?#].*$/, '')
    .replace(/\/-(?:\/.*)?$/, '')
    .replace(/(?:\.git)?\/*$/, '');
}

/** Hands its forge to `use`, and closes it and the audit log afterwards. */
export async function withGitlab<T>(
  instance: InstanceSettings,
  use: (forge: Forge) => Promise<T>,
  out: Output,
  record?: RecordWrite,
): Promise<T> {
  const onAttempt = (attempt: Attempt): void => tellOf(attempt, instance, out);
  return await audited(async (audit) => {
    const forge = await openGitlab(instance, { audit, onAttempt, ...(record === undefined ? {} : { record }) });
    try {
      return await use(forge);
    } finally {
      await forge.close();
    }
  });
}

/** A forge that keeps contents of files where all processes of this user do; `close` it. */
export async function openGitlab(
  instance: InstanceSettings,
  settings: Pick<GitlabForgeSettings, 'audit' | 'record' | 'onAttempt' | 'shared'>,
): Promise<Forge> {
  const { gitlabForge } = await import('../forge/gitlab/index.ts');
  const cache = cacheFolder(process.env);
  return gitlabForge({ instance, ...settings, ...(cache === undefined ? {} : { cacheDir: cache }) });
}

/** A wait that a person would notice is said; with `--verbose` every request is. */
export function tellOf({ call, status, ms, retry, wait = 0 }: Attempt, { url }: InstanceSettings, out: Output): void {
  const what = `${call.method} ${call.path}`;
  if (retry === undefined) out.debug(`${what}: ${status ?? 'no answer'} in ${Math.round(ms)} ms`);
  else if (wait >= 2000) out.note(`${url}: ${retry}; trying again in ${Math.round(wait / 1000)} s`);
  else out.debug(`${what}: ${retry}; trying again in ${Math.round(wait)} ms`);
}

/**
 * Hands each configured instance to `use`, one after the other.
 * @throws {UsageError} where there is none.
 */
export async function eachInstance(
  loaded: LoadedConfig,
  use: (forge: Forge) => Promise<void>,
  out: Output,
): Promise<void> {
  const instances = instancesOf(loaded, process.env);
  if (instances.length === 0) throw noInstance('--dir FOLDER lists a folder');
  for (const instance of instances) await withGitlab(instance, use, out);
}

export function noInstance(otherwise: string): UsageError {
  return new UsageError(
    `no GitLab instance is known: set gitlab.instances, or GITLAB_URL and GITLAB_TOKEN; ${otherwise}`,
  );
}

/** {@link withGitlab} over a folder that is or holds repositories. */
export async function withFolder<T>(
  folder: string,
  use: (forge: Forge) => Promise<T>,
  record?: RecordWrite,
): Promise<T> {
  return await audited(async (audit) =>
    use(await openFolder(folder, { audit, ...(record === undefined ? {} : { record }) })),
  );
}

export async function openFolder(folder: string, options: FolderForgeOptions): Promise<Forge> {
  const { folderForge } = await import('../forge/folder/forge.ts');
  return await folderForge(folder, options);
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
  const audit = await openAudit();
  try {
    return await use(audit);
  } finally {
    audit.close();
  }
}

/** The audit log of this user. It is made with the first entry: who only reads needs no place to write to. */
export async function openAudit(): Promise<AuditFile> {
  const { openAuditFile } = await import('../forge/audit-file.ts');
  let file: AuditFile | undefined;
  return {
    append: (entry) => {
      file ??= openAuditFile(join(stateFolder(process.env), 'audit.jsonl'));
      file.append(entry);
    },
    close: () => file?.close(),
  };
}
