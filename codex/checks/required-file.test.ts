import { describe, expect, it } from 'vitest';
import type { RequiredFileCheck } from './check.ts';
import { asked } from './testing/ask.ts';

const require = (...groups: string[][]): RequiredFileCheck => ({ kind: 'required-file', groups });

describe('required-file', () => {
  const owners = ['CODEOWNERS', '.github/CODEOWNERS', '.gitlab/CODEOWNERS'];

  it('is content with one file of each group', async () => {
    const files = { '.gitlab/CODEOWNERS': '* @a\n', 'docs/security.md': '# Security\n' };
    expect(await asked(require(owners, ['SECURITY.md', '**/security.md']), files)).toEqual([]);
  });

  it('tells each group of which nothing is there', async () => {
    expect(await asked(require(owners, ['SECURITY.md'], ['README*']), { 'README.md': '' })).toEqual([
      'CODEOWNERS:1:1 CODEOWNERS, .github/CODEOWNERS or .gitlab/CODEOWNERS is missing',
      'SECURITY.md:1:1 SECURITY.md is missing',
    ]);
  });

  it('stands at the first path that is one', async () => {
    const group = ['**/*.{yml,yaml}', '**/renovate.json', 'renovate.json5'];
    expect(await asked(require(group), {})).toEqual([expect.stringMatching(/^renovate\.json:1:1 /)]);
    expect(await asked(require(['**/*.sarif']), {})).toEqual(['*.sarif:1:1 **/*.sarif is missing']);
  });

  it('takes vendored files for none, unless they are what is asked for', async () => {
    const files = { 'vendor/lib/LICENSE': 'MIT\n', 'templates/issue.md': 'a\n' };
    expect(await asked(require(['**/LICENSE']), files)).toHaveLength(1);
    expect(await asked(require(['vendor/*/LICENSE'], ['templates/issue.md']), files)).toEqual([]);
  });

  it('does not look for the file by the scope of the rule', async () => {
    const appliesTo = { paths: ['Dockerfile'], languages: ['dockerfile'] };
    expect(await asked(require(['.dockerignore']), { Dockerfile: 'FROM a\n' }, { appliesTo })).toHaveLength(1);
  });
});
