import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { maskedExitStatus } from './amd205-masked-exit-status.ts';

describe('AMD205 masked-exit-status', () => {
  it.each([
    'tsc --noEmit | head && echo ok',
    'npx tsc --noEmit 2>&1 | head -20 && echo "types pass"',
    'npm test | tail -5 && echo PASS',
    'pytest -q | tee log.txt | tail -1 && echo done',
    'npm run lint; echo "lint passed"',
    'cargo test || true',
    'go test ./... > out.txt 2>&1 || :',
  ])('finds %s', async (command) => {
    expect(await found(maskedExitStatus, `\`\`\`sh\n${command}\n\`\`\`\n`)).toMatchObject([
      { severity: 'warning', line: 2 },
    ]);
    expect(await found(maskedExitStatus, `Run \`${command}\`.\n`)).toHaveLength(1);
  });

  it.each([
    'tsc --noEmit && echo ok',
    'npm test | tail -20',
    'npm test > log.txt; tail log.txt',
    'git log --oneline | head -3 && echo done',
    'ls | grep ts && echo found',
    'docker rm -f db || true',
    'npm test; echo "exit: $?"',
    'npm test || exit 1',
  ])('is silent about %s', async (command) => {
    expect(await told(maskedExitStatus, `\`\`\`sh\n${command}\n\`\`\`\n`)).toEqual([]);
  });

  it('is silent below pipefail, and where it is forbidden', async () => {
    expect(await told(maskedExitStatus, '```sh\nset -o pipefail\nnpm test | tail -5 && echo ok\n```\n')).toEqual([]);
    expect(await told(maskedExitStatus, 'Never write `npm test | tail -5 && echo ok`.\n')).toEqual([]);
  });
});
