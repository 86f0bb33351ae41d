import type { PluginProblem } from './draft.ts';
import { frozenCopy } from './freeze.ts';
import { messageOf, within } from './lifecycle.ts';
import type { ReviewEvent, ReviewPlugin } from './plugin.ts';

/** How long a plugin may take to close, in ms. */
const PATIENCE = 2_000;

export interface PluginEvents {
  /** Never throws, waits for nobody. A plugin that fails is told nothing more. */
  tell(event: ReviewEvent): void;
  /** Whatever happened. Never throws; takes 2 s at most. */
  close(): Promise<void>;
}

/** Tells plugins of a review what happens in it. What goes wrong there is reported, and changes nothing. */
export function openEvents(
  plugins: readonly ReviewPlugin[],
  onProblem: (problem: PluginProblem) => void,
  patience: number = PATIENCE,
): PluginEvents {
  const deaf = new Set<ReviewPlugin>();
  const failed = (plugin: ReviewPlugin, phase: PluginProblem['phase'], error: unknown) =>
    onProblem({ plugin: plugin.name, phase, message: messageOf(error) });
  const silence = (plugin: ReviewPlugin, error: unknown) => {
    if (!deaf.has(plugin)) failed(plugin, 'event', error);
    deaf.add(plugin);
  };
  return {
    tell(event) {
      const told = frozenCopy(event);
      for (const plugin of plugins) {
        if (deaf.has(plugin)) continue;
        try {
          // Whoever wrote it may have made it asynchronous all the same.
          const ended: unknown = plugin.onEvent?.(told);
          if (ended instanceof Promise) ended.catch((error) => silence(plugin, error));
        } catch (error) {
          silence(plugin, error);
        }
      }
    },
    async close() {
      const nobody = new AbortController().signal;
      await Promise.all(
        plugins.map((plugin) =>
          within(patience, nobody, () => plugin.close?.()).catch((error) => failed(plugin, 'close', error)),
        ),
      );
    },
  };
}
