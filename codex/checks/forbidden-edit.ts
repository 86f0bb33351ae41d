import type { ForbiddenEditCheck } from './check.ts';
import { CheckError, type CheckKind } from './kind.ts';

export const forbiddenEdit: CheckKind<ForbiddenEditCheck> = {
  async prepare() {
    throw new CheckError('not built yet');
  },
};
