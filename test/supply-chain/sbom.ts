import { z } from 'zod';
import { type LockEntry, type Lockfile, nameAt, packagesIn } from './lockfile.ts';

/** Of CycloneDX 1.5, what is looked at; the rest stays as npm wrote it. */
export const SBOM = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.looseObject({ component: z.looseObject({ name: z.string(), 'bom-ref': z.string() }).optional() }),
  components: z.array(
    z.looseObject({
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      'bom-ref': z.string(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).default([]),
    }),
  ),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })).default([]),
});
export type Sbom = z.infer<typeof SBOM>;

/**
 * Of a list of all that is installed, what is there in production. `npm sbom --omit=dev` is no such list: npm 11 leaves out
 * whatever a tool of development needs as well, zod and pg among it.
 */
export function shippedPart(sbom: Sbom, lockfile: Lockfile): Sbom {
  const shipped = new Set(packagesIn(lockfile).flatMap(([path, entry]) => (entry.dev ? [] : [idOf(path, entry)])));
  const components = sbom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
  const root = sbom.metadata.component?.['bom-ref'];
  const refs = new Set([...(root === undefined ? [] : [root]), ...components.map((each) => each['bom-ref'])]);
  const dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map((each) => ({ ...each, dependsOn: each.dependsOn.filter((ref) => refs.has(ref)) }));
  return { ...sbom, components, dependencies };
}

/**
 * Where a list of what is shipped differs from what is installed, or that from what was locked.
 * @param installed `name@version` of what lies at such a path; `undefined`: nothing.
 */
export function sbomProblems(
  { components }: Sbom,
  lockfile: Lockfile,
  installed: (path: string) => string | undefined,
): readonly string[] {
  const wrong: string[] = [];
  const expected = new Map<string, string>();
  for (const [path, entry] of packagesIn(lockfile).filter(([, { dev }]) => !dev)) {
    const [there, locked] = [installed(path), idOf(path, entry)];
    if (there === locked) expected.set(locked, hexOf(entry.integrity));
    else if (there !== undefined) wrong.push(`${path}: ${there} is installed, ${locked} locked`);
    // Of optional ones, those of other platforms.
    else if (!entry.optional) wrong.push(`${path}: is not installed`);
  }
  const listed = new Set<string>();
  for (const { name, version, hashes } of components) {
    const id = `${name}@${version}`;
    listed.add(id);
    const hash = expected.get(id);
    if (hash === undefined) wrong.push(`${id}: is in the SBOM and not installed`);
    else if (!hashes.some(({ alg, content }) => alg === 'SHA-512' && content === hash))
      wrong.push(`${id}: has another hash in the SBOM than in package-lock.json`);
  }
  const missing = [...expected.keys()].filter((id) => !listed.has(id));
  return [...wrong, ...missing.map((id) => `${id}: is not in the SBOM`)];
}

function idOf(path: string, { name, version }: LockEntry): string {
  return `${name ?? nameAt(path)}@${version}`;
}

function hexOf(integrity = ''): string {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
}
