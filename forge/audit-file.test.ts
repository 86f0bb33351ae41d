import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { AuditEntry } from './audit.ts';
import { openAuditFile } from './audit-file.ts';
import { ForgeError } from './errors.ts';

const root = mkdtempSync(join(tmpdir(), 'agentsmd-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('makes its folder and file for one user alone, and appends a line for each entry', () => {
  const path = join(root, 'new', 'state', 'audit.jsonl');
  for (const attempt of [1, 2]) {
    const file = openAuditFile(path);
    file.append(entry({ attempt, why: 'two\nlines' }));
    file.close();
  }
  expect(lines(path)).toEqual([entry({ attempt: 1, why: 'two\nlines' }), entry({ attempt: 2, why: 'two\nlines' })]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, 'new')).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'new', 'state')).mode & 0o777).toBe(0o700);
});

it('goes on in a line of its own after one that was cut', () => {
  const path = join(root, 'cut.jsonl');
  const whole = JSON.stringify(entry({ attempt: 1 }));
  writeFileSync(path, `${whole}\n${whole.slice(0, 20)}`);
  const file = openAuditFile(path);
  file.append(entry({ attempt: 2 }));
  file.append(entry({ attempt: 3 }));
  file.close();
  const [first, second, ...rest] = readFileSync(path, 'utf8').split('\n');
  expect([first, second]).toEqual([whole, whole.slice(0, 20)]);
  expect(rest.filter(Boolean).map((line) => JSON.parse(line).attempt)).toEqual([2, 3]);
});

it('leaves a file that ended well byte for byte', () => {
  const path = join(root, 'well.jsonl');
  writeFileSync(path, 'x\n');
  openAuditFile(path).close();
  expect(readFileSync(path, 'utf8')).toBe('x\n');
});

it('takes nothing away that others append meanwhile', () => {
  const path = join(root, 'shared.jsonl');
  const [one, other] = [openAuditFile(path), openAuditFile(path)];
  one.append(entry({ attempt: 1 }));
  other.append(entry({ attempt: 2 }));
  appendFileSync(path, `${JSON.stringify(entry({ attempt: 3 }))}\n`);
  one.append(entry({ attempt: 4 }));
  one.close();
  other.close();
  expect(lines(path).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
});

it('keeps every whole line of a process that is killed', () => {
  const path = join(root, 'killed.jsonl');
  const script = `import { openAuditFile } from ${JSON.stringify(new URL('./audit-file.ts', import.meta.url).href)};
    const file = openAuditFile(${JSON.stringify(path)});
    for (let attempt = 1; attempt <= 50; attempt++) file.append({ attempt });
    process.kill(process.pid, 'SIGKILL');`;
  const ended = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script]);
  expect(ended.signal).toBe('SIGKILL');
  expect(lines(path)).toHaveLength(50);
});

it('says what to do when it cannot be written', () => {
  mkdirSync(join(root, 'folder.jsonl'));
  const open = () => openAuditFile(join(root, 'folder.jsonl'));
  expect(open).toThrow(ForgeError);
  expect(open).toThrow(/folder\.jsonl: the audit log cannot be written .*name another file/);
});

function entry(more: Partial<AuditEntry>): AuditEntry {
  return {
    time: '2026-01-02T03:04:05.000Z',
    instance: 'https://gitlab.example.com',
    actor: 'bot',
    project: 'team/shop',
    method: 'POST',
    path: '/projects/1/repository/commits',
    why: 'AGENTS.md is missing',
    attempt: 1,
    result: 'sent',
    ...more,
  };
}

function lines(path: string): AuditEntry[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
