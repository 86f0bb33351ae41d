import type { Selectable } from 'kysely';
import type { RolloutTable } from '../store/tables.ts';

/** How far the codex and generator of today have spread. */
export type Rollout = Selectable<RolloutTable>;
