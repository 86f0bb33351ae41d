import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { noSingleTestForm } from './amd204-no-single-test-form.ts';

const FILES = {
  'pyproject.toml':
    '[project]\nname = "a"\nversion = "1.0.0"\n\n[dependency-groups]\ndev = ["pytest"]\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
  'uv.lock': 'version = 1\n',
  'tests/test_a.py': 'def test_a(): pass\n',
};

describe('AMD204 no-single-test-form', () => {
  it('fires where only the whole is told, and says the other form', async () => {
    const [finding] = await found(noSingleTestForm, '```sh\nuv run pytest\n```\n', FILES);
    expect(finding).toMatchObject({ severity: 'info', line: 2, subject: 'uv run pytest' });
    expect(finding!.message).toContain('uv run pytest <file>');
  });

  it.each([
    'uv run pytest tests/test_a.py',
    'uv run pytest -k name',
    'uv run pytest <file>',
    'uv run pytest tests/test_a.py::test_a',
  ])('is silent with %s', async (command) => {
    expect(await told(noSingleTestForm, `\`\`\`sh\nuv run pytest\n${command}\n\`\`\`\n`, FILES)).toEqual([]);
  });

  it('is silent where it does not know the other form, or no test is told', async () => {
    expect(await told(noSingleTestForm, '```sh\nmake test\n```\n', { 'a.txt': '' })).toEqual([]);
    expect(await told(noSingleTestForm, '```sh\nuv run ruff check\n```\n', FILES)).toEqual([]);
  });
});
