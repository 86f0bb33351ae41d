import { z } from 'zod';
import type { Policy } from './policy.ts';

const NAMES = z.record(z.string(), z.string()).default({});
const DEPENDENCIES = { dependencies: NAMES, devDependencies: NAMES, optionalDependencies: NAMES };

/** Of package.json, what a lockfile has to agree with. */
export const MANIFEST = z.object({
  name: z.string(),
  version: z.string(),
  ...DEPENDENCIES,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});
export type Manifest = z.infer<typeof MANIFEST>;

const ENTRY = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  // Old manifests have other things there; only a name is one.
  license: z.string().optional().catch(undefined),
  link: z.boolean().default(false),
  inBundle: z.boolean().default(false),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
  ...DEPENDENCIES,
});
export type LockEntry = z.infer<typeof ENTRY>;

export const LOCKFILE = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), ENTRY) });
export type Lockfile = z.infer<typeof LOCKFILE>;

/** All that is wrong with a lockfile, one sentence each; empty where nothing is. */
export function lockfileProblems(manifest: Manifest, lockfile: Lockfile, policy: Policy): readonly string[] {
  return [
    ...stepProblems(manifest, lockfile),
    ...sourceProblems(lockfile),
    ...scriptProblems(manifest, lockfile, policy),
    ...licenceProblems(lockfile, policy),
  ];
}

/**
 * Where it locks something else than the manifest asks for. What packages ask of each other is npm's to compare: `npm ci`
 * refuses a lockfile that does not hold it.
 */
function stepProblems(manifest: Manifest, { packages }: Lockfile): readonly string[] {
  const root = packages[''];
  if (root === undefined) return ['package-lock.json has no entry of the project itself'];
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
  return [
    ...(['name', 'version'] as const)
      .filter((key) => root[key] !== manifest[key])
      .map((key) => `${key}: ${manifest[key]} in package.json, ${root[key]} in package-lock.json`),
    ...kinds.flatMap((kind) => {
      const names = new Set([...Object.keys(manifest[kind]), ...Object.keys(root[kind])]);
      return [...names].flatMap((name) => {
        const [asked, locked] = [manifest[kind][name], root[kind][name]];
        if (asked !== locked) return [`${name}: ${asked ?? 'nothing'} in package.json, ${locked ?? 'nothing'} locked`];
        const version = asked?.replace(/^npm:.+@/, '') ?? '';
        if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) return [`${name}: ${asked} is no exact version`];
        const there = packages[`node_modules/${name}`]?.version;
        return there === version ? [] : [`${name}: ${version} asked for, ${there ?? 'nothing'} locked`];
      });
    }),
  ];
}

/**
 * Where a package comes from elsewhere than the registry, or could be exchanged. An entry without `resolved` comes from the
 * registry that npm is configured with (`omit-lockfile-registry-resolved`); its integrity says which bytes it has to bring.
 * One that is bundled lies in another's archive, whose integrity it shares.
 */
export function sourceProblems(lockfile: Lockfile): readonly string[] {
  return packagesIn(lockfile).flatMap(([path, { resolved, link, version }]) => [
    ...(link ? [`${path}: is a link to a folder`] : []),
    ...(resolved === undefined || resolved.startsWith(REGISTRY) ? [] : [`${path}: comes from ${resolved}`]),
    ...(/^\d+\.\d+\.\d+/.test(version ?? '') ? [] : [`${path}: its version is ${version}`]),
    // 512 bits in base64; what npm once wrote beside it, SHA-1, is accepted alone by nobody.
    ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrityOf(path, lockfile) ?? '')
      ? []
      : [`${path}: its integrity is ${integrityOf(path, lockfile)}`]),
  ]);
}

function integrityOf(path: string, lockfile: Lockfile): string | undefined {
  const entry = lockfile.packages[path];
  if (!entry?.inBundle) return entry?.integrity;
  return integrityOf(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), lockfile);
}

const REGISTRY = 'https://registry.npmjs.org/';

/** Which scripts of packages nobody decided about; and where npm would do something else than was decided. */
function scriptProblems(manifest: Manifest, lockfile: Lockfile, policy: Policy): readonly string[] {
  const having = new Set(
    packagesIn(lockfile).flatMap(([path, entry]) => (entry.hasInstallScript ? [nameAt(path)] : [])),
  );
  const known = Object.entries(policy.installScripts);
  const allowed = new Map(Object.entries(manifest.allowScripts));
  return [
    ...[...having]
      .filter((name) => !Object.hasOwn(policy.installScripts, name))
      .map((name) => `${name}: brings an install script that nobody decided about`),
    ...known.filter(([name]) => !having.has(name)).map(([name]) => `${name}: brings no install script any more`),
    ...known
      .filter(([name, { runs }]) => (allowed.get(name) ?? false) !== runs)
      .map(([name, { runs }]) => `${name}: its install script ${runs ? 'runs' : 'does not run'}; allowScripts differs`),
    ...[...allowed.keys()]
      .filter((name) => !Object.hasOwn(policy.installScripts, name))
      .map((name) => `${name}: in allowScripts without a reason`),
  ];
}

function licenceProblems(lockfile: Lockfile, policy: Policy): readonly string[] {
  const read = new Set<string>();
  const wrong = packagesIn(lockfile).flatMap(([path, { version, license, dev }]) => {
    const id = `${nameAt(path)}@${version}`;
    const byHand = policy.licencesRead[id];
    if (byHand) read.add(id);
    const licence = byHand?.licence ?? license;
    if (licence === undefined) return [`${id}: has no licence`];
    return isAllowed(licence, dev ? [...policy.licences, ...policy.licencesOfTools] : policy.licences)
      ? []
      : [`${id}: ${licence} is not among the licences we take${dev ? ' for development' : ''}`];
  });
  const stale = Object.keys(policy.licencesRead).filter((id) => !read.has(id));
  return [...wrong, ...stale.map((id) => `${id}: is not installed any more`)];
}

/** Of an SPDX expression: a choice has one that is allowed, a sum has nothing else. Mixed ones are read by people. */
function isAllowed(expression: string, licences: readonly string[]): boolean {
  const [one, ...more] = expression.replace(/^\((.*)\)$/, '$1').split(/ (OR|AND) /);
  const words = new Set(more.filter((_, at) => at % 2 === 0));
  const ids = [one!, ...more.filter((_, at) => at % 2 === 1)];
  if (words.size > 1) return false;
  return words.has('OR') ? ids.some((id) => licences.includes(id)) : ids.every((id) => licences.includes(id));
}

/** All but the project itself, by their path below it. */
export function packagesIn({ packages }: Lockfile): readonly (readonly [path: string, entry: LockEntry])[] {
  return Object.entries(packages).filter(([path]) => path !== '');
}

/** What is imported from there; under an alias it is not the package's own name. */
export function nameAt(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
