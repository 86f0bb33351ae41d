import type { FileChange } from '../../../forge/history.ts';
import { memoryRepository } from '../../../forge/memory.ts';
import type { Scope } from '../../rule.ts';
import { type ScanResult, scan } from '../../scan.ts';
import { makeRule } from '../../testing/make-codex.ts';
import type { Check } from '../check.ts';

interface Asked {
  readonly changes?: readonly FileChange[];
  readonly appliesTo?: Partial<Scope>;
}

/** Scans a repository of these files with one check, with the prefilter and without, which must not differ. */
export async function scanned(
  check: Check,
  files: Readonly<Record<string, string>>,
  { changes, appliesTo = {} }: Asked = {},
): Promise<ScanResult> {
  const rule = makeRule({ id: 'T-1', title: 'Keep to it', check, appliesTo });
  const run = (prefilter: boolean): Promise<ScanResult> =>
    scan(memoryRepository(files), [rule], { prefilter, ...(changes === undefined ? {} : { changes }) });
  const [fast, slow] = [await run(true), await run(false)];
  if (JSON.stringify(fast.findings) !== JSON.stringify(slow.findings))
    throw new Error(`the prefilter changes the findings: ${JSON.stringify([fast.findings, slow.findings])}`);
  return slow;
}

/** `src/a.ts:3:5 the message`, and `not checked: why` where the check could not run. */
export async function asked(
  check: Check,
  files: Readonly<Record<string, string>>,
  options: Asked = {},
): Promise<readonly string[]> {
  const { findings, notChecked } = await scanned(check, files, options);
  return [
    ...findings.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`),
    ...notChecked.map(({ reason }) => `not checked: ${reason}`),
  ];
}
