import { hostname } from 'node:os';
import type { MeterProviderOptions } from '@opentelemetry/sdk-metrics';

type Resource = NonNullable<MeterProviderOptions['resource']>;

/** Who sends metrics: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, and what tells several workers apart. */
export function resourceOf(env: NodeJS.ProcessEnv): Resource {
  const given = Object.fromEntries(
    (env.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]];
    }),
  );
  return resource({
    'service.name': 'agentsmd',
    'service.instance.id': `${hostname()}:${process.pid}`,
    ...given,
    ...(env.OTEL_SERVICE_NAME ? { 'service.name': env.OTEL_SERVICE_NAME } : {}),
  });
}

/** The package that makes them is not one of ours: the SDK brings its own. */
function resource(attributes: Readonly<Record<string, string>>): Resource {
  return {
    attributes,
    getRawAttributes: () => Object.entries(attributes),
    merge: (other) => (other === null ? resource(attributes) : resource({ ...attributes, ...stringsOf(other) })),
  };
}

function stringsOf({ attributes }: Resource): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
