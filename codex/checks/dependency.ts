import type { DependencyCheck } from './check.ts';
import { CheckError, type CheckKind } from './kind.ts';

export const dependency: CheckKind<DependencyCheck> = {
  async prepare() {
    throw new CheckError('not built yet');
  },
};
