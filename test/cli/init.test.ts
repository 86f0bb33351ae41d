import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-init-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe('agentsmd init', () => {
  const init = (...args: string[]) => runCli(['init', ...args], { cwd });
  const file = () => join(cwd, 'agentsmd.config.yaml');

  it('writes what was chosen, which every command then reads', () => {
    const ran = init(
      '--gitlab',
      'https://gitlab.example.com/',
      '--token-env',
      'BOT',
      '--backstage',
      'https://b.example.com',
    );
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    const written = parse(readFileSync(file(), 'utf8'));
    expect(written.gitlab).toEqual({ instances: [{ url: 'https://gitlab.example.com', token: { env: 'BOT' } }] });
    expect(written.catalog).toMatchObject({ from: 'backstage', baseUrl: 'https://b.example.com' });
    expect(runCli(['config', 'show'], { cwd }).stdout).toMatch(/catalog\.baseUrl +"https:\/\/b\.example\.com"/);
  });

  it('replaces nothing unless told, and writes nothing for --dry-run', () => {
    expect(init('--dry-run').stdout).toContain('#maxLines: 60');
    expect(existsSync(file())).toBe(false);
    expect(init('--yes').code).toBe(0);
    const again = init('--codex', './codex');
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toContain('--force');
    expect(init('--codex', './codex', '--force').code).toBe(0);
    expect(readFileSync(file(), 'utf8')).toContain('from: ./codex');
  });

  it.each([
    [['--gitlab', 'gitlab.example.com'], '--gitlab: '],
    [['--token-env', 'X'], '--token-env needs --gitlab'],
    [['--backstage', 'nowhere'], 'catalog.baseUrl'],
    [['--out', 'no/such/folder/x.yaml'], 'its folder does not exist'],
  ])('says what is wrong with %j', (args, message) => {
    const ran = init(...args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(message);
    expect(existsSync(file())).toBe(false);
  });
});

describe('agentsmd catalog show', () => {
  it('tells what a repository says of itself', async () => {
    const text = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: pay }
spec: { type: service, lifecycle: production, owner: team-x, dependsOn: ['resource:pay-db'] }
`;
    const repository = await makeRepository({ files: { 'catalog-info.yaml': text, 'package.json': '{}' } });
    try {
      const shown = runCli(['catalog', 'show', repository.dir]);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toMatch(/owner +group:default\/team-x/);
      expect(shown.stdout).toMatch(/depends on +resource:default\/pay-db/);
      expect(
        JSON.parse(runCli(['catalog', 'show', 'component:pay', '--json'], { cwd: repository.dir }).stdout),
      ).toMatchObject({ schema: 'agentsmd/catalog/1', owner: 'group:default/team-x' });
      expect(runCli(['catalog', 'show', 'component:other'], { cwd: repository.dir })).toMatchObject({ code: 2 });
    } finally {
      await repository.cleanup();
    }
  });
});
