import type { EngineQuestion } from '../port.ts';

/** Long enough for whatever a test does. */
const LONG = 60_000;

/** A question about nothing, by its name. */
export function question(own: string, more: Partial<EngineQuestion<'findings'>> = {}): EngineQuestion<'findings'> {
  return {
    agent: 'quality',
    tier: 'standard',
    prompt: { stable: 'You review code.', shared: 'The change.', own },
    answer: 'findings',
    tools: [],
    deadline: LONG,
    ...more,
  };
}
