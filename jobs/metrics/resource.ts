import { hostname } from 'node:os';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';

/** Who sends metrics: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, and what tells several workers apart. */
export function resourceOf(env: NodeJS.ProcessEnv): Resource {
  const given = Object.fromEntries(
    (env.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]];
    }),
  );
  return resourceFromAttributes({
    'service.name': 'agentsmd',
    'service.instance.id': `${hostname()}:${process.pid}`,
    ...given,
    ...(env.OTEL_SERVICE_NAME ? { 'service.name': env.OTEL_SERVICE_NAME } : {}),
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
