import { oneLine } from '../../forge/render/visible.ts';
import { openDraft, type PluginProblem, type ReviewSetup, type SetUpBase } from './draft.ts';
import { frozenCopy } from './freeze.ts';
import type { PluginSubject, ReviewPlugin } from './plugin.ts';

/** How long a hook of one plugin may take, in ms. */
export const PATIENCE = { bootstrap: 10_000, configure: 60_000, postConfigure: 10_000 } as const;

/** A plugin without which there is no review. The exit code is that of its reason, else 3. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  readonly exitCode: number;

  constructor(plugin: string, what: string, cause?: unknown) {
    super(`review plugin "${plugin}": ${what}`, { cause });
    const code = typeof cause === 'object' && cause !== null && 'exitCode' in cause ? cause.exitCode : undefined;
    this.exitCode = typeof code === 'number' ? code : 3;
  }
}

/**
 * Runs the hooks that come before a review: `bootstrap` of all plugins at once, `configure` one after the other, `postConfigure` of all at
 * once. What became of it is handed to the caller, and to no plugin.
 *
 * @param plugins in the order in which they configure.
 * @throws {PluginError} where one fails to configure, or two have one name. @throws the signal's reason.
 */
export async function setUp(
  plugins: readonly ReviewPlugin[],
  base: SetUpBase,
  subject: PluginSubject,
  signal: AbortSignal,
  patience: Readonly<Record<keyof typeof PATIENCE, number>> = PATIENCE,
): Promise<ReviewSetup> {
  assertNames(plugins);
  const about = frozenCopy(subject);
  const problems: PluginProblem[] = [];
  const draft = openDraft(base, problems);
  const failed = (plugin: string, phase: PluginProblem['phase'], error: unknown) => {
    signal.throwIfAborted();
    problems.push({ plugin, phase, message: messageOf(error) });
  };

  await Promise.all(
    plugins.map((plugin) =>
      within(patience.bootstrap, signal, (over) => plugin.bootstrap?.(about, over)).catch((error) =>
        failed(plugin.name, 'bootstrap', error),
      ),
    ),
  );
  for (const plugin of plugins) {
    const turn = draft.configure(plugin.name);
    try {
      await within(patience.configure, signal, async () => {
        await plugin.configure?.(turn.context, about);
        await turn.settled();
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new PluginError(plugin.name, `configure: ${messageOf(error)}`, error);
    } finally {
      turn.end();
    }
  }
  try {
    draft.configured();
  } catch (error) {
    throw new PluginError('models', messageOf(error), error);
  }
  await Promise.all(
    plugins.map(async (plugin) => {
      const turn = draft.postConfigure(plugin.name);
      try {
        await within(patience.postConfigure, signal, (over) => plugin.postConfigure?.(turn.context, about, over));
        turn.take();
      } catch (error) {
        failed(plugin.name, 'postConfigure', error);
      } finally {
        turn.end();
      }
    }),
  );
  signal.throwIfAborted();
  return frozenCopy(draft.setup(plugins.map(({ name }) => name)));
}

function assertNames(plugins: readonly ReviewPlugin[]): void {
  const seen = new Set<string>();
  for (const { name } of plugins) {
    if (seen.has(name)) throw new PluginError(name, 'there are two of that name');
    seen.add(name);
  }
}

/** What a plugin threw, on one line. */
export function messageOf(error: unknown): string {
  const text = oneLine(error instanceof Error ? error.message : String(error)) || 'it failed without a word';
  return text.length > MOST_OF_A_MESSAGE ? `${text.slice(0, MOST_OF_A_MESSAGE)}…` : text;
}

const MOST_OF_A_MESSAGE = 1000;

/** Waits for so many ms, and no longer than the signal: a hook that does not heed it is left behind. */
export async function within(
  ms: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => void | Promise<void>,
): Promise<void> {
  const late = new AbortController();
  const either = AbortSignal.any([signal, late.signal]);
  const { promise: over, reject } = Promise.withResolvers<never>();
  either.addEventListener('abort', () => reject(either.reason), { once: true });
  if (either.aborted) reject(either.reason);
  const timer = setTimeout(() => late.abort(new Error(`did not end within ${ms / 1000} s`)), ms);
  try {
    await Promise.race([over, Promise.resolve(either).then(run)]);
  } finally {
    clearTimeout(timer);
  }
}
