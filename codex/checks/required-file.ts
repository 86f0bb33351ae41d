import type { RequiredFileCheck } from './check.ts';
import { CheckError, type CheckKind } from './kind.ts';

export const requiredFile: CheckKind<RequiredFileCheck> = {
  async prepare() {
    throw new CheckError('not built yet');
  },
};
