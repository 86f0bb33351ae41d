import { cacheFolder, readCache, writeCache } from './cache.ts';
import type { Codex } from './codex.ts';
import { asCodexError, type CodexPlace, findCodex } from './load-source.ts';
import type { CodexFiles, ReadCodexOptions } from './read-codex.ts';
import { CodexError, type CodexSource } from './source.ts';

export { CodexError, type CodexSource, STARTER } from './source.ts';

export interface LoadOptions {
  /** Where copies are kept (`cacheFolder` of the process's environment unless told); `null`: nowhere. */
  readonly cache?: string | null;
  /** For one command of git that asks a server, in ms. Default: two minutes. */
  readonly timeout?: number;
}

/**
 * Loads a codex, from the cache where it can be: neither a YAML parser nor zod is loaded then.
 *
 * @throws {CodexError} where it cannot be had, or holds no rule that can be read.
 */
export async function loadCodex(source: CodexSource, options: LoadOptions = {}): Promise<Codex> {
  const folder = folderOf(options);
  const place = await findCodex(source, folder, options.timeout);
  const entry =
    folder === undefined || place.state === undefined
      ? undefined
      : { folder, identity: place.identity, state: place.state };
  const kept = entry && readCache(entry);
  if (kept) return kept;
  const { codex } = await read(place);
  const first = codex.problems[0];
  if (codex.rules.length === 0) {
    const at = `${first?.file}${first?.line === undefined ? '' : `:${first.line}`}`;
    throw new CodexError(`${codex.origin}: no rule can be read, the first fault is in ${at}: ${first?.message}`, 2);
  }
  if (entry) writeCache(entry, codex);
  return codex;
}

interface LoadFilesOptions extends LoadOptions, Pick<ReadCodexOptions, 'brokenLedger'> {}

/**
 * Loads a codex with everything lint wants to know; never from the cache.
 *
 * @throws {CodexError} where it cannot be had, or holds nothing that even looks like a rule.
 */
export async function loadCodexFiles(source: CodexSource, options: LoadFilesOptions = {}): Promise<CodexFiles> {
  return read(await findCodex(source, folderOf(options), options.timeout), options.brokenLedger);
}

function folderOf({ cache }: LoadOptions): string | undefined {
  return cache === undefined ? cacheFolder(process.env) : (cache ?? undefined);
}

async function read(place: CodexPlace, brokenLedger?: ReadCodexOptions['brokenLedger']): Promise<CodexFiles> {
  const { origin } = place;
  try {
    const [{ readCodex }, { reader, folder }] = await Promise.all([import('./read-codex.ts'), place.open()]);
    try {
      const files = await readCodex(reader, {
        origin,
        folder,
        ...(brokenLedger === undefined ? {} : { brokenLedger }),
      });
      if (files.paths.size === 0 && folder !== '') throw new CodexError(`${origin}: no folder ${folder} in it`, 2);
      if (files.codex.rules.length + files.codex.problems.length === 0) {
        const hint = 'a rule is a Markdown file that begins with front matter';
        throw new CodexError(`no rules found in ${origin}; ${hint}`, 2);
      }
      return files;
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw asCodexError(error, origin);
  }
}
