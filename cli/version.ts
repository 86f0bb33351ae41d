import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version in our package.json, which is one folder up from the sources and two up from dist/cli. */
export function version(): string {
  const file = findPackageJSON(import.meta.url);
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : 'unknown';
}
