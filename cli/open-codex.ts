import { dirname, isAbsolute, resolve } from 'node:path';
import type { Codex } from '../codex/codex.ts';
import { type CodexSource, loadCodex, STARTER } from '../codex/load.ts';
import { isRemoteAddress } from '../forge/git/remote-address.ts';
import { codexAround } from './codex-around.ts';
import type { CommandInput } from './command.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

/** Which codex a command means: `--codex` and `--codex-rev`, or what the configuration says. `undefined`: none at all. */
export function codexSource(
  { text }: Pick<CommandInput, 'text'>,
  { file, values }: LoadedConfig,
): CodexSource | undefined {
  const given = text('codex');
  const rev = text('codexRev');
  const { codex } = values;
  const from = given ?? besideConfig(codex.from, file);
  if (from === 'none') return undefined;
  const pinned = rev ?? (given === undefined ? codex.rev : '');
  const folder = given === undefined ? codex.folder : '';
  return { from, ...(pinned === '' ? {} : { rev: pinned }), ...(folder === '' ? {} : { folder }) };
}

/** A folder is meant from where the configuration lies. */
export function besideConfig(from: string, file: string | undefined): string {
  if (file === undefined || from === STARTER || from === 'none' || isAbsolute(from) || isRemoteAddress(from))
    return from;
  return resolve(dirname(file), from);
}

/**
 * {@link neededSource} of a command that people run on a codex of their own: where neither an option nor the configuration
 * chooses, the codex around the current folder. Never for a command that checks: a repository does not choose what it obeys.
 *
 * @throws {UsageError}
 */
export function ownCodexSource(input: CommandInput, config: LoadedConfig): CodexSource {
  const source = neededSource(input, config);
  if (input.text('codex') !== undefined || isChosen(config)) return source;
  const around = codexAround(process.cwd());
  if (around === undefined) return source;
  const rev = input.text('codexRev');
  return { from: around, ...(rev === undefined ? {} : { rev }) };
}

/** Whether the configuration names a codex, be it the embedded one. */
export function isChosen({ settings }: LoadedConfig): boolean {
  return settings.some(({ path, source }) => path.join('.') === 'codex.from' && source.kind !== 'default');
}

/** {@link openCodex} by {@link ownCodexSource}. @throws {CodexError} @throws {UsageError} */
export async function openOwnCodex(
  input: CommandInput,
): Promise<{ readonly config: LoadedConfig; readonly codex: Codex }> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  return { config, codex: await loadCodex(ownCodexSource(input, config)) };
}

/** The configuration and the codex of a command that cannot do without one. @throws {CodexError} @throws {UsageError} */
export async function openCodex(
  input: CommandInput,
): Promise<{ readonly config: LoadedConfig; readonly codex: Codex }> {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  return { config, codex: await loadCodex(neededSource(input, config)) };
}

/** {@link codexSource} of a command that cannot do without one. @throws {UsageError} */
export function neededSource(input: CommandInput, config: LoadedConfig): CodexSource {
  const source = codexSource(input, config);
  if (!source) throw new UsageError('codex.from is "none": name a codex with --codex');
  return source;
}

/** Says on stderr which files of the codex could not be read: nothing is known of the rules in them. */
export function warnOfCodex({ problems }: Pick<Codex, 'problems'>, out: CommandInput['out']): void {
  for (const { file, line, message } of problems)
    out.warn(printableLine(`codex ${file}${line === undefined ? '' : `:${line}`}: ${message}`));
}
