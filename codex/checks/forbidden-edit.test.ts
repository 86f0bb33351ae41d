import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../forge/history.ts';
import type { ForbiddenEditCheck } from './check.ts';
import { asked } from './testing/ask.ts';

const generated: ForbiddenEditCheck = {
  kind: 'forbidden-edit',
  files: ['gen/**'],
  unlessAlsoChanged: ['proto/**/*.proto', 'buf.gen.yaml'],
};
const migrations: ForbiddenEditCheck = { kind: 'forbidden-edit', files: ['db/migrations/**'], allowNew: true };

const told = (check: ForbiddenEditCheck, changes: readonly FileChange[] | undefined, notPaths: string[] = []) =>
  asked(check, {}, { appliesTo: { notPaths }, ...(changes === undefined ? {} : { changes }) });

describe('forbidden-edit', () => {
  it('is not checked where no change is looked at', async () => {
    expect(await told(generated, undefined)).toEqual([
      'not checked: judges changes only; give codex check --base or --staged',
    ]);
    expect(await told(generated, [])).toEqual([]);
  });

  it('tells every file that was touched, however', async () => {
    const changes: FileChange[] = [
      { status: 'modified', path: 'gen/a.go' },
      { status: 'deleted', path: 'gen/b.go' },
      { status: 'added', path: 'gen/c.go' },
      { status: 'renamed', path: 'src/d.go', from: 'gen/d.go' },
      { status: 'renamed', path: 'gen/e.go', from: 'src/e.go' },
      { status: 'modified', path: 'src/f.go' },
    ];
    expect(await told(generated, changes)).toEqual([
      'gen/a.go:1:1 Keep to it: modified without proto/**/*.proto or buf.gen.yaml',
      'gen/b.go:1:1 Keep to it: deleted without proto/**/*.proto or buf.gen.yaml',
      'gen/c.go:1:1 Keep to it: added without proto/**/*.proto or buf.gen.yaml',
      'gen/e.go:1:1 Keep to it: added without proto/**/*.proto or buf.gen.yaml',
      'src/d.go:1:1 Keep to it: renamed from gen/d.go without proto/**/*.proto or buf.gen.yaml',
    ]);
  });

  it('is content where the source changed as well, or moved', async () => {
    const edit: FileChange = { status: 'modified', path: 'gen/a.go' };
    expect(await told(generated, [edit, { status: 'modified', path: 'proto/v1/a.proto' }])).toEqual([]);
    expect(await told(generated, [edit, { status: 'renamed', path: 'old.txt', from: 'buf.gen.yaml' }])).toEqual([]);
    expect(await told(generated, [edit, { status: 'modified', path: 'proto/README.md' }])).toHaveLength(1);
  });

  it('lets new files be where told, and only those', async () => {
    const changes: FileChange[] = [
      { status: 'added', path: 'db/migrations/2.sql' },
      { status: 'renamed', path: 'db/migrations/3.sql', from: 'draft.sql' },
      { status: 'renamed', path: 'db/migrations/5.sql', from: 'db/migrations/4.sql' },
      { status: 'modified', path: 'db/migrations/1.sql' },
    ];
    expect(await told(migrations, changes)).toEqual([
      'db/migrations/1.sql:1:1 Keep to it: modified',
      'db/migrations/5.sql:1:1 Keep to it: renamed from db/migrations/4.sql',
    ]);
  });

  it('leaves out what the rule does not speak of', async () => {
    const changes: FileChange[] = [{ status: 'modified', path: 'gen/README.md' }];
    expect(await told(generated, changes)).toHaveLength(1);
    expect(await told(generated, changes, ['**/*.md'])).toEqual([]);
  });
});
