/**
 * Settings of git as environment variables, which no other process can read in a list of commands; after those that are there in the
 * same way.
 */
export function configEnvironment(
  config: readonly (readonly [string, string])[],
  { GIT_CONFIG_COUNT: count }: NodeJS.ProcessEnv,
): Record<string, string> {
  const first = /^\d+$/.test(count ?? '') ? Number(count) : 0;
  const pairs = config.flatMap(([name, value], at) => [
    [`GIT_CONFIG_KEY_${first + at}`, name] as const,
    [`GIT_CONFIG_VALUE_${first + at}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(first + config.length), ...Object.fromEntries(pairs) };
}
