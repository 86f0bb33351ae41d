import type { Mention } from './pipelines.ts';
import type { Features } from './ranking.ts';

/** What pipelines and documents say for a command. */
export function mentionFeatures(all: readonly Mention[]): Pick<Features, 'ci' | 'guarded' | 'contained' | 'human'> {
  if (all.some((mention) => mention.trigger === 'human' && !mention.indirect)) {
    return { ...mentionFeatures(inPipelines(all)), human: 1 };
  }
  const mention = best(inPipelines(all));
  if (!mention) return {};
  const onRequest = mention.trigger === 'merge-request' ? 1 : 0.3;
  return {
    ci: mention.indirect ? onRequest * 0.5 : onRequest,
    ...(mention.guarded ? { guarded: 1 } : {}),
    ...(mention.contained ? { contained: 1 } : {}),
  };
}

function inPipelines(mentions: readonly Mention[]): readonly Mention[] {
  return mentions.filter(({ trigger }) => trigger !== 'human');
}

/** The most telling of several mentions. */
export function best(mentions: readonly Mention[]): Mention | undefined {
  const rank = (mention: Mention): number =>
    (mention.trigger === 'merge-request' ? 0 : 4) +
    (mention.indirect ? 2 : 0) +
    (mention.guarded ? 1 : 0) +
    (mention.contained ? 0.5 : 0);
  return mentions.toSorted((a, b) => rank(a) - rank(b))[0];
}
