import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'agentsmd-config-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(join(cwd, 'agentsmd.config.yaml'), 'generate:\n  maxLines: 40\n');
const env = { AGENTSMD_GENERATE_NESTED: 'false' };

describe('agentsmd config', () => {
  it('show prints every setting and where it comes from', () => {
    const { code, stdout, stderr } = runCli(['config', 'show'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^generate\.maxLines +40 +agentsmd\.config\.yaml:2$/m);
    expect(stdout).toMatch(/^generate\.nested +false +AGENTSMD_GENERATE_NESTED$/m);
    expect(stdout).toMatch(/^generate\.maxBytes +8192 +default$/m);
  });

  it('show --json is one document', () => {
    const { stdout } = runCli(['config', 'show', '--json'], { cwd, env });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'agentsmd/config/1',
      file: join(cwd, 'agentsmd.config.yaml'),
      settings: expect.arrayContaining([{ name: 'generate.maxLines', value: 40, source: { kind: 'file', line: 2 } }]),
    });
  });

  it('schema is a JSON schema', () => {
    const { code, stdout } = runCli(['config', 'schema'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('json-schema.org'), type: 'object' });
  });

  it('prints the errors of a file, each on its line, and exits 2', () => {
    writeFileSync(join(cwd, 'bad.yaml'), 'generate:\n  maxLines: many\n  nest: 1\n');
    expect(runCli(['facts', '--config', 'bad.yaml'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'agentsmd: bad.yaml:2:13: generate.maxLines: expected a number, got "many"\n' +
        'agentsmd: bad.yaml:3:3: generate.nest: unknown setting; did you mean "nested"?\n',
    });
  });
});
