import type { Target } from '../target.ts';
import { codexTargets } from './codex.ts';
import { factsTargets } from './facts.ts';
import { forgeTargets } from './forge.ts';
import { generatorTargets } from './generator.ts';
import { gitlabTargets } from './gitlab.ts';
import { modelsTargets } from './models.ts';
import { reviewTargets } from './review.ts';

/** Every reader of texts that others wrote. */
export function readers(): readonly Target[] {
  return [
    ...forgeTargets(),
    ...gitlabTargets(),
    ...factsTargets(),
    ...generatorTargets(),
    ...codexTargets(),
    ...modelsTargets(),
    ...reviewTargets(),
  ];
}
