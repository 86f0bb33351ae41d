import { withFeedback } from '../codex/feedback.ts';
import { CodexError, loadCodex } from '../codex/load.ts';
import type { CodexContext } from '../generator/sections/rules.ts';
import { feedbackFor } from './codex-feedback.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { codexSource, isChosen } from './open-codex.ts';
import { printableLine } from './printable.ts';

/**
 * The codex of a command that can do without one. Out of reach it is said so, and nothing is said of its rules.
 *
 * @throws {CodexError} where it is wrong, and not merely out of reach.
 */
export async function codexFor(
  input: CommandInput,
  config: LoadedConfig,
): Promise<CodexContext | 'unreachable' | undefined> {
  const source = codexSource(input, config);
  if (!source) return undefined;
  try {
    const codex = await loadCodex(source);
    for (const { file, line, message } of codex.problems)
      input.out.warn(`codex ${printableLine(`${file}${line === undefined ? '' : `:${line}`}: ${message}`)}`);
    const told = withFeedback(codex, await feedbackFor(input, config));
    return { codex: told, chosen: input.text('codex') !== undefined || isChosen(config) };
  } catch (error) {
    if (!(error instanceof CodexError) || error.exitCode !== 3) throw error;
    input.out.warn(`${printableLine(error.message)}; nothing is said of its rules`);
    return 'unreachable';
  }
}
