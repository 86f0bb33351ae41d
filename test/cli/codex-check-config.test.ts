import { afterEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const rule = (pattern: string): string =>
  `---\nid: TS-LOG-001\ntitle: Log through the logger\nlevel: MUST\nstatus: active\napplies-to: {languages: [typescript]}\ncheck: {kind: ast-grep, language: typescript, rule: {pattern: '${pattern}'}}\n---\n\nWhy.\n`;
const CONFIG = 'codex:\n  from: ./rules\n';
const BASE = {
  'agentsmd.config.yaml': CONFIG,
  'rules/TS-LOG-001.md': rule('console.log($$$)'),
  'a.ts': 'const a = 1;\n',
};
const BROKEN = 'const a = 1;\nconsole.log(a);\n';

const made: TestRepository[] = [];
afterEach(async () => {
  for (const repository of made.splice(0)) await repository.cleanup();
});

async function changed(files: Record<string, string>, deleted: readonly string[] = []): Promise<string> {
  const repository = await makeRepository({
    commits: [{ files: BASE }, { files: { 'a.ts': BROKEN, ...files }, deleted: [...deleted] }],
  });
  made.push(repository);
  return repository.dir;
}

const check = (cwd: string, ...args: string[]) => runCli(['codex', 'check', ...args], { cwd });

describe('what a change is judged by', () => {
  it('is the configuration and the codex of the repository, as ever', async () => {
    const dir = await changed({});
    expect(check(dir, '--base', 'HEAD~1')).toMatchObject({
      code: 1,
      stdout: 'a.ts\n  2:1  error  Log through the logger  TS-LOG-001@1\n',
    });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['chooses no codex', { 'agentsmd.config.yaml': 'codex:\n  from: none\n' }, []],
    ['chooses another codex', { 'agentsmd.config.yaml': 'codex:\n  from: starter\n' }, []],
    ['takes itself out of what is read', { 'agentsmd.config.yaml': `${CONFIG}facts:\n  ignore: ["a.ts"]\n` }, []],
    ['breaks the configuration', { 'agentsmd.config.yaml': 'codex: [\n' }, []],
    ['deletes the configuration', {}, ['agentsmd.config.yaml']],
    ['adds a nearer one', { 'src/agentsmd.config.yaml': 'codex:\n  from: none\n' }, []],
    ['rewrites the rule', { 'rules/TS-LOG-001.md': rule('console.error($$$)') }, []],
    ['deletes the rule', {}, ['rules/TS-LOG-001.md']],
  ])('is not what the change makes of it: one that %s', async (_, files, deleted) => {
    const dir = await changed({ 'src/b.ts': 'export {};\n', 'rules/README.md': '# Rules\n', ...files }, deleted);
    const cwd = 'src/agentsmd.config.yaml' in files ? `${dir}/src` : dir;
    const { code, stdout } = check(cwd, '--base', 'HEAD~1');
    expect([code, stdout]).toEqual([1, 'a.ts\n  2:1  error  Log through the logger  TS-LOG-001@1\n']);
  });

  it('is what is merged for all others, and what --config names', async () => {
    const dir = await changed({ 'agentsmd.config.yaml': 'codex:\n  from: none\n' });
    expect(check(dir).stderr).toContain('codex.from is "none"');
    expect(check(dir, '--base', 'HEAD~1', '--config', 'agentsmd.config.yaml').stderr).toContain('codex.from is "none"');
  });

  it('is said where the change would have it otherwise', async () => {
    const dir = await changed({ 'agentsmd.config.yaml': 'codex:\n  from: none\n' });
    expect(check(dir, '--base', 'HEAD~1').stderr).toContain(
      'agentsmd.config.yaml is another one at HEAD~1, which counts: what the change sets holds once merged',
    );
  });
});
