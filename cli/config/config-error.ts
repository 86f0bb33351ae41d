/** The configuration is wrong: every error in it, one line each, with its place. Exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 2;

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
