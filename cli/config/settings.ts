/** The names and values of single settings, read from and written to a nested object. */

/** `['generate', 'maxLines']`. */
export type SettingPath = readonly string[];

/** Every setting of a configuration, in its order. A list is one setting, and so are settings by name where there are none. */
export function settingsOf(values: object, path: SettingPath = []): { path: SettingPath; value: unknown }[] {
  return Object.entries(values).flatMap(([name, value]) =>
    isRecord(value) && Object.keys(value).length > 0
      ? settingsOf(value, [...path, name])
      : [{ path: [...path, name], value }],
  );
}

/** A copy of `values` with one setting replaced. What stands in the way and is no object is left for the schema to refuse. */
export function withSetting(values: unknown, path: SettingPath, value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (values !== undefined && values !== null && !isRecord(values)) return values;
  return { ...values, [name]: withSetting(values?.[name], rest, value) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
