import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Report {
  readonly violations: readonly string[];
  readonly modules: number;
  readonly dependencies: number;
}

/** Runs the checker of `npm run check:floors` in a folder. */
function cruise(folder: string): Report {
  const args = [
    ['--import', join(ROOT, 'test/floors/typescript6.ts')],
    [join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')],
    ['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', '.'],
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args.flat(), {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!stdout) throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as {
    summary: {
      violations: { from: string; to: string; rule: { name: string } }[];
      totalCruised: number;
      totalDependenciesCruised: number;
    };
  };
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort(),
    modules: summary.totalCruised,
    dependencies: summary.totalDependenciesCruised ?? 0,
  };
}

describe('the check of the floors', () => {
  it('fails on every import that goes up, beside, in a circle or past a port', () => {
    const { violations } = cruise(join(ROOT, 'test/fixtures/floors'));
    // Where in a package an import leads is the package's own affair.
    const told = violations.map((violation) =>
      violation.replace(/(?:\.\.\/)+node_modules\/((?:@[^/]+\/)?[^/]+)\/.*/, '$1'),
    );
    expect(told.filter((violation) => !/^resolvable: .* -> (@|ai$)/.test(violation))).toEqual([
      'ai-sdk-behind-its-port: reviewer/sdk.ts -> ai',
      'backstage-behind-its-port: codex/backstage.ts -> @backstage/catalog-model',
      'floor-of-facts: facts/sideways.ts -> models/left.ts',
      'floor-of-facts: facts/upward.ts -> cli/command.ts',
      'floor-of-forge: forge/ground.ts -> facts/upward.ts',
      'gitbeaker-behind-its-port: generator/gitbeaker.ts -> @gitbeaker/rest',
      'no-circles: models/left.ts -> models/right.ts',
      'no-test-code-shipped: jobs/double.ts -> test/double.ts',
      'resolvable: cli/lost.ts -> ./nowhere.ts',
    ]);
  });

  it('holds for this project, and sees its modules', () => {
    const report = cruise(ROOT);
    expect(report.violations).toEqual([]);
    expect(report.modules).toBeGreaterThan(80);
    expect(report.dependencies).toBeGreaterThan(200);
  });
});
