import type { ConfigValueCheck } from './check.ts';
import { CheckError, type CheckKind } from './kind.ts';

export const configValue: CheckKind<ConfigValueCheck> = {
  async prepare() {
    throw new CheckError('not built yet');
  },
};
