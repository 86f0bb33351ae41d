import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './run-cli.ts';

const BIN = join(ROOT, 'cli/bin.ts');

describe('the installed program', () => {
  it('names the Node it needs in one line and exits 2 on an older one', () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.1'}})`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', old, BIN, '--version'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^agentsmd: needs Node\.js 24 or newer, this is 20\.19\.1 \(.*\)\n$/);
  });

  it('imports nothing before it has looked', () => {
    const source = readFileSync(BIN, 'utf8');
    expect(source.startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(source).not.toMatch(/^\s*(import\s+[^(]|export\s)|\bawait\b|\?\.|\?\?/m);
  });

  it('runs where no cache can be written and there is no home', () => {
    const env = { PATH: process.env.PATH ?? '', XDG_CACHE_HOME: '/dev/null/not-a-folder' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, '--version'], { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});
