import { resolve } from 'node:path';
import type { Codex } from '../codex/codex.ts';
import { CodexError } from '../codex/source.ts';
import { isRemoteAddress } from '../forge/git/remote-address.ts';
import { digest } from '../generator/publish/proposal.ts';
import type { CodexContext } from '../generator/sections/rules.ts';
import type { FleetCodex as LearnedCodex } from '../jobs/world.ts';
import { codexFor } from './codex-context.ts';
import { ON_BRANCH } from './codex-feedback.ts';
import type { CommandInput } from './command.ts';
import { instancesOf } from './config/instances.ts';
import type { LoadedConfig } from './config/load.ts';
import { LASTS, lasting } from './lasting.ts';
import { besideConfig, isChosen } from './open-codex.ts';
import { printableLine } from './printable.ts';

/** The codex that merge requests are made with. */
export interface FleetCodex {
  /** Somebody named one. Rules that nobody chose are proposed to nobody. */
  readonly isChosen: boolean;
  context(): Promise<CodexContext | 'unreachable' | undefined>;
  /** For what is only looked at: also one that nobody chose. @throws {CodexError} where there is none, or none within reach. */
  whole(): Promise<Codex>;
  /** Of what its rules say; '' where none are proposed, `null` where nobody can tell today. @throws {CodexError} */
  hash(): Promise<string | null>;
}

/** @param now in ms. */
export function fleetCodex(loaded: LoadedConfig, input: CommandInput, now?: () => number): FleetCodex {
  const chosen = input.text('codex') !== undefined || isChosen(loaded);
  const read = lasting<Read>(
    (before) => readAgain(() => codexFor(input, loaded), before, input),
    ({ hash }) => (hash === null ? LASTS.unreachable : LASTS.known),
    now,
  );
  return {
    isChosen: chosen,
    context: async () => (chosen ? (await read()).context : 'unreachable'),
    whole: async () => {
      const { context } = await read();
      if (typeof context === 'object') return context.codex;
      if (context === undefined) throw new CodexError('codex.from is "none": there is no codex to audit by', 2);
      throw new CodexError('the codex is out of reach', 3);
    },
    hash: async () => (chosen && loaded.values.generate.rules > 0 ? (await read()).hash : ''),
  };
}

/** What is learned of a codex, and where that can be told. One that the command line names is tried out, and nothing more. */
export function learnedCodex(
  loaded: LoadedConfig,
  { text }: Pick<CommandInput, 'text'>,
  context: CodexContext | 'unreachable' | undefined,
): LearnedCodex | undefined {
  if (typeof context !== 'object' || text('codex') !== undefined) return undefined;
  const { file, values } = loaded;
  const { from, folder, feedback } = values.codex;
  const address = isRemoteAddress(from) ? projectOf(from, instancesOf(loaded, process.env)) : undefined;
  const told =
    feedback === '' ? undefined : feedback === ON_BRANCH ? feedback : { file: resolve(besideConfig(feedback, file)) };
  return {
    codex: context.codex,
    ...(address && { project: { ...address, folder } }),
    ...(told && { feedback: told }),
  };
}

/** Of an address of git, by https, ssh or as scp writes it, on the host of an instance that is configured. */
export function projectOf(
  from: string,
  instances: readonly { readonly url: string }[],
): { readonly instance: string; readonly path: string } | undefined {
  const scp = /^[\w.-]+@([\w.-]+):(?!\/\/)(\S+)$/.exec(from);
  const address = URL.parse(scp ? `ssh://${scp[1]}/${scp[2]}` : from);
  if (!address || !/^(?:https?|ssh):$/.test(address.protocol)) return undefined;
  const isSsh = address.protocol === 'ssh:';
  for (const { url } of instances.toSorted((a, b) => b.url.length - a.url.length)) {
    const own = new URL(url);
    const isThere = isSsh ? address.hostname === own.hostname : address.host === own.host;
    const base = isSsh ? '/' : `${own.pathname.replace(/\/+$/, '')}/`;
    if (!isThere || !address.pathname.startsWith(base)) continue;
    const path = address.pathname.slice(base.length).replace(/(?:\.git)?\/*$/, '');
    if (path !== '') return { instance: url.replace(/\/+$/, ''), path };
  }
  return undefined;
}

interface Read {
  readonly context: CodexContext | 'unreachable' | undefined;
  readonly hash: string | null;
}

/** One that cannot be had any more, or was broken meanwhile, is used as it was before. */
async function readAgain(
  load: () => Promise<Read['context']>,
  before: Read | undefined,
  { out }: CommandInput,
): Promise<Read> {
  try {
    const context = await load();
    if (context === 'unreachable') return before ?? { context, hash: null };
    return { context, hash: context === undefined ? '' : hashOf(context.codex) };
  } catch (error) {
    if (before === undefined) throw error;
    out.warn(`${printableLine((error as Error).message)}; its rules are used as they were read before`);
    return before;
  }
}

/** Of what `chooseRules` looks at: a rule that is explained better has nothing proposed anew. */
function hashOf({ rules, problems }: Codex): string {
  const active = rules.filter(({ status }) => status === 'active');
  const said = active.map(({ id, title, level, appliesTo, check }) => [id, title, level, appliesTo, check?.kind]);
  return digest([said, problems.map(({ file }) => file)]);
}
