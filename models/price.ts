import type { ModelSettings } from './config.ts';
import type { Usage } from './port.ts';

const MILLION = 1_000_000;

/** In the currency of the price table; `null` where there is none. */
export function costOf(
  usage: Pick<Usage, 'inputTokens' | 'cachedTokens' | 'outputTokens'>,
  model: ModelSettings,
): number | null {
  const { price } = model;
  if (!price) return null;
  const cached = Math.min(usage.cachedTokens, usage.inputTokens);
  return (
    ((usage.inputTokens - cached) * price.input +
      cached * (price.cached ?? price.input) +
      usage.outputTokens * price.output) /
    MILLION
  );
}
