import { ForgeError } from './errors.ts';

/** A setting or a variable of the environment that cannot be used; the message names it. */
export class SettingError extends ForgeError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('invalid', message, options);
  }

  override get exitCode(): 2 {
    return 2;
  }
}
