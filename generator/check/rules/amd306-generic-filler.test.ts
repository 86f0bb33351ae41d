import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { genericFiller } from './amd306-generic-filler.ts';

describe('AMD306 generic-filler', () => {
  it.each([
    'Write clean code.',
    'Write clean, readable, and maintainable code',
    'Always write high-quality code.',
    'Follow best practices.',
    'Follow industry best practices and coding standards.',
    'Adhere to SOLID principles.',
    'Use meaningful variable names.',
    'Use descriptive variable and function names',
    'Handle errors gracefully.',
    'Ensure proper error handling.',
    'Add appropriate comments.',
    'Write comprehensive tests.',
    'Keep the code simple and readable.',
    'Ensure code quality and maintainability.',
    'Be careful and thorough.',
    'Think step by step.',
    'Consider edge cases.',
    'Avoid code duplication.',
    "Don't repeat yourself.",
    '**Code quality**: Write clean, maintainable code.',
    'You are an expert software engineer.',
    'Test your changes thoroughly.',
  ])('finds %s', async (text) => {
    expect(await found(genericFiller, `# A\n\n- ${text}\n`)).toMatchObject([{ severity: 'warning', line: 3 }]);
  });

  it('points at the sentence', async () => {
    expect(await told(genericFiller, 'The API is in Go. Write clean code.\n')).toEqual([
      '1:19 warning Write clean code.',
    ]);
  });

  it.each([
    'Write code that runs on Node 20.',
    'Use descriptive names: `isRegistered`, not `reg`.',
    'Use descriptive names for variables. For example, isRegistered, not reg.',
    'Follow best practices in `docs/style.md`.',
    'Follow [best practices](docs/style.md).',
    'Follow React best practices for hooks in the admin panel.',
    'Handle errors with `Result`, never with exceptions.',
    'Keep functions under 40 lines.',
    'Write tests for the parser first.',
    'Prefer simple types over generics in public APIs.',
    'Be careful with migrations: they lock the table.',
    'Performance: the hot path is allocation free.',
    'Avoid duplication between the two lexers.',
    'Keep it simple. At most one class per file.',
    'Use clear error messages that name the flag.',
    'Document public functions with their units.',
  ])('is silent about %s', async (text) => {
    expect(await told(genericFiller, `# A\n\n- ${text}\n`)).toEqual([]);
  });

  it('is silent in quotes, headings, tables and code', async () => {
    expect(
      await told(genericFiller, '> Write clean code.\n\n## Follow best practices\n\n`Write clean code.`\n'),
    ).toEqual([]);
    expect(await told(genericFiller, '```\nWrite clean code.\n```\n')).toEqual([]);
  });
});
