import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { ansible } from './ansible.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(ansible, files)).signals);
}

describe('ansible', () => {
  it('a collection with scenarios and a list of what it needs', async () => {
    expect(await said(fixture('ansible/collection'))).toEqual([
      'linter = ansible-lint | .ansible-lint:1 | config 0',
      'lint: ansible-lint | .ansible-lint:1 | convention 0',
      'build: ansible-galaxy collection build | galaxy.yml:1 | convention 0',
      'lint: ansible-test sanity | galaxy.yml:1 | convention -1',
      'test-framework = ansible-test | galaxy.yml:1 | convention 0',
      'test: ansible-test units | galaxy.yml:1 | convention 2',
      'test-single: ansible-test units <file> | galaxy.yml:1 | convention 2',
      'install: ansible-galaxy collection install -r requirements.yml | requirements.yml:2 | convention -0.5',
      'test-framework = molecule | molecule/web/molecule.yml:1 | config 0',
      'test: molecule test --all | molecule/web/molecule.yml:1 | convention 0',
      'test-single: molecule test -s <name> | molecule/web/molecule.yml:1 | convention 0',
    ]);
  });

  it('roles of a list are installed with what they need', async () => {
    const run = async (text: string): Promise<readonly string[]> => said({ 'requirements.yml': text });
    expect(await run('roles:\n  - src: a\ncollections: []\n')).toEqual([
      'install: ansible-galaxy install -r requirements.yml | requirements.yml:3 | convention -0.5',
    ]);
    expect(await run('- src: a\n')).toEqual([
      'install: ansible-galaxy install -r requirements.yml | requirements.yml:1 | convention -0.5',
    ]);
    expect(await run('name: something else\n')).toEqual([]);
  });

  it('a collection is tested by ansible-test, not by pytest', async () => {
    const files = {
      'galaxy.yml': 'namespace: shop\nname: till\nversion: 1.0.0\n',
      'plugins/modules/a.py': '',
      'tests/unit/test_a.py': 'import pytest\n\ndef test_a():\n    pass\n',
    };
    const { facts } = await analyze(memoryRepository(files));
    expect(facts.find(({ key }) => key === 'command.test')?.value).toBe('ansible-test units');
  });

  it('sessions of antsibull-nox, where the noxfile loads them', async () => {
    const files = {
      'noxfile.py': 'import antsibull_nox\n\nantsibull_nox.load_antsibull_nox_toml()\n',
      'antsibull-nox.toml':
        '[sessions.lint]\nrun_isort = false\nrun_black = true\nrun_mypy = false\n[sessions.ansible_test_units]\n',
    };
    expect(await said(files)).toEqual([
      'test: nox -s ansible-test-units | antsibull-nox.toml:5 | convention 3',
      'lint: nox -s lint | antsibull-nox.toml:1 | convention 3',
      'format: nox -s formatters | antsibull-nox.toml:3 | convention 3',
    ]);
    expect(await said({ ...files, 'noxfile.py': 'import nox\n' })).toEqual([]);
    const { facts } = await analyze(memoryRepository({ ...files, 'plugins/a.py': '' }));
    const commands = facts.filter(({ key }) => key.startsWith('command.')).map(({ value }) => value);
    expect(commands).toEqual(['nox -s ansible-test-units', 'nox -s lint', 'nox -s formatters']);
  });

  it('a default scenario needs no name', async () => {
    const files = { 'molecule/default/molecule.yml': 'a: 1\n', 'molecule/x/molecule.yml': 'a: 1\n' };
    expect(await said(files)).toContain('test: molecule test | molecule/default/molecule.yml:1 | convention 0');
  });

  it('the engine: what a pipeline brings besides is no way to install', async () => {
    const ci =
      'on: pull_request\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: ansible-galaxy collection install community.docker\n      - run: molecule test\n';
    const files = { ...fixture('ansible/collection'), '.github/workflows/ci.yml': ci };
    const { facts } = await analyze(memoryRepository(files));
    const installs = facts.filter(({ key }) => key === 'command.install').map(({ value }) => value);
    expect(installs).toEqual(['ansible-galaxy collection install -r requirements.yml']);
  });

  it.each(['', 'a: [', '- \r\n- 1'])('survives %j', async (text) => {
    const files = { 'galaxy.yml': text, 'requirements.yml': text, '.ansible-lint': '' };
    expect(await said(files)).toEqual([]);
  });
});
