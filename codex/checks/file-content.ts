import type { FileContentCheck } from './check.ts';
import { CheckError, type CheckKind } from './kind.ts';

export const fileContent: CheckKind<FileContentCheck> = {
  async prepare() {
    throw new CheckError('not built yet');
  },
};
