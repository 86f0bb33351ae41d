import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version in our package.json, which is one folder up from the sources and two up from dist/cli. */
export function version(): string {
  return manifest()?.version ?? 'unknown';
}

/** Where the project's pages are on the web. */
export function homepage(): string | undefined {
  return manifest()?.homepage;
}

function manifest(): { readonly version: string; readonly homepage?: string } | undefined {
  const file = findPackageJSON(import.meta.url);
  return file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));
}
