import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { entriesBelow } from './entries-below.ts';

it('goes into folders and through no link: neither out nor round in a circle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-below-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'in/docs/deep'), { recursive: true });
  writeFileSync(join(folder, 'outside.txt'), 'x');
  writeFileSync(join(folder, 'in/docs/deep/a.txt'), 'x');
  writeFileSync(join(folder, 'in/b.txt'), 'x');
  symlinkSync('../docs', join(folder, 'in/docs/circle'));
  symlinkSync('..', join(folder, 'in/out'));
  expect(entriesBelow(join(folder, 'in'))).toEqual(['b.txt', 'docs/circle', 'docs/deep/a.txt', 'out']);
  expect(() => entriesBelow(join(folder, 'none'))).toThrow('ENOENT');
});
