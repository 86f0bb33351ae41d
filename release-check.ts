/**
 * `npm run release:check [-- --sbom FILE]`: whether what would be published now may be. Looks at the lockfile, asks the
 * registry for weaknesses, writes down what is shipped (CycloneDX), and looks through the package. Publishes nothing.
 *
 * Exit codes: 0 all is well, 1 something is not, 3 nothing was found and something could not be looked at.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { auditIn } from './test/supply-chain/audit.ts';
import { LOCKFILE, lockfileProblems, MANIFEST, packagesIn } from './test/supply-chain/lockfile.ts';
import { packProblems } from './test/supply-chain/package-files.ts';
import { POLICY } from './test/supply-chain/policy.ts';
import { SBOM, sbomProblems, shippedPart } from './test/supply-chain/sbom.ts';

const ROOT = import.meta.dirname;
const { values } = parseArgs({ options: { sbom: { type: 'string' } } });
const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const manifest = MANIFEST.parse(json('package.json'));
const lockfile = LOCKFILE.parse(json('package-lock.json'));
const sbomFile = values.sbom ?? `release/${manifest.name}-${manifest.version}.cdx.json`;

process.exitCode = 0;
report('lockfile', `${packagesIn(lockfile).length} packages`, lockfileProblems(manifest, lockfile, POLICY));
audit();
sbom();
files();

/** One line for a part that is well; for one that is not, one for each thing that is wrong. */
function report(part: string, summary: string, problems: readonly string[]): void {
  if (problems.length > 0) process.exitCode = 1;
  print(
    problems.length === 0
      ? `ok       ${part}: ${summary}`
      : problems.map((each) => `PROBLEM  ${part}: ${each}`).join('\n'),
  );
}

function audit(): void {
  const answer = auditIn(npm(['audit', '--omit=dev', '--json']));
  if (answer.asked) {
    report('audit', `none high or critical, ${answer.others} below`, answer.severe);
    return;
  }
  // What was not looked at is not well.
  process.exitCode ||= 3;
  print(`UNKNOWN  audit: no registry could be asked: ${answer.why}`);
}

function sbom(): void {
  const made = shippedPart(SBOM.parse(JSON.parse(npm(['sbom', '--sbom-format=cyclonedx']))), lockfile);
  // npm takes the folder's name for that of the project.
  if (made.metadata.component) made.metadata.component.name = manifest.name;
  mkdirSync(dirname(sbomFile), { recursive: true });
  writeFileSync(sbomFile, `${JSON.stringify(made, null, 2)}\n`);
  report('sbom', `${made.components.length} packages in ${sbomFile}`, sbomProblems(made, lockfile, installed));
}

function installed(path: string): string | undefined {
  const file = `${path}/package.json`;
  if (!existsSync(join(ROOT, file))) return undefined;
  const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(json(file));
  return `${name}@${version}`;
}

function files(): void {
  const packed = z.array(z.object({ files: z.array(z.object({ path: z.string() })), unpackedSize: z.number() }));
  const [{ files: listed, unpackedSize } = { files: [], unpackedSize: 0 }] = packed.parse(
    JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'])),
  );
  const texts = new Map(listed.map(({ path }) => [path, readFileSync(join(ROOT, path), 'utf8')] as const));
  const isSource = (path: string): boolean => existsSync(join(ROOT, path));
  report('package', `${texts.size} files, ${unpackedSize} bytes`, packProblems(texts, { folder: ROOT, isSource }));
}

/** What it prints, whatever its exit code: an audit that found something has one. */
function npm(args: readonly string[]): string {
  const { stdout, error } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (error) throw new Error(`npm ${args[0]} could not be started: ${error.message}`, { cause: error });
  return stdout;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
