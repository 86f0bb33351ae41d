import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffText, terminalDiff } from './diff-text.ts';

describe('diffText', () => {
  it('is empty where nothing changes', () => {
    expect(diffText([{ path: 'AGENTS.md', existing: 'a\n', text: 'a\n' }])).toBe('');
  });

  it('is what `git apply` takes: changed, new and without a last line end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsmd-diff-'));
    const changes = [
      { path: 'AGENTS.md', existing: 'one\ntwo\nthree', text: 'one\n2\nthree\n' },
      { path: 'new.md', existing: null, text: 'new\nfile\n' },
    ];
    writeFileSync(join(folder, 'AGENTS.md'), changes[0]?.existing ?? '');
    execFileSync('git', ['apply', '-'], { cwd: folder, input: diffText(changes) });
    for (const { path, text } of changes) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
    rmSync(folder, { recursive: true });
  });
});

describe('terminalDiff', () => {
  it('shows no escape sequence of the file', () => {
    const diff = diffText([{ path: 'AGENTS.md', existing: 'a\n', text: '\u001b[2Jb\n' }]);
    expect(terminalDiff(diff, (_, text) => text)).toBe(diff.replace('\u001b[2J', ''));
  });
});
