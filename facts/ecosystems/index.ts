import type { Ecosystem } from '../ecosystem.ts';
import { languages } from './languages.ts';

/** Every ecosystem. Their order decides nothing: facts are ranked. */
export const ECOSYSTEMS: readonly Ecosystem[] = [languages];
