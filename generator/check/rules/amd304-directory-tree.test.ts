import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { directoryTree } from './amd304-directory-tree.ts';

const TREE = '```\nsrc/\n├── api/\n│   └── users.ts\n├── db/\n│   └── client.ts\n└── main.ts\n```\n';
const FILES = { 'src/api/users.ts': '', 'src/db/client.ts': '', 'src/main.ts': '' };

describe('AMD304 directory-tree', () => {
  it('fires for a drawing of what is there', async () => {
    expect(await told(directoryTree, TREE, FILES)).toEqual(['3:5 warning api/']);
  });

  it('fires for indented names', async () => {
    const text = '```\nsrc/\n  api/\n    users.ts\n  db/\n    client.ts\n  main.ts\n```\n';
    expect(await told(directoryTree, text, FILES)).toHaveLength(1);
  });

  it('only tells of a drawing of something else', async () => {
    expect(await told(directoryTree, TREE)).toEqual(['3:5 info api/']);
  });

  it('is silent about four names, lists and code', async () => {
    expect(await told(directoryTree, '```\nsrc/\n├── a/\n├── b/\n├── c/\n└── d/\n```\n', FILES)).toEqual([]);
    expect(await told(directoryTree, '- `src/`: code\n- `docs/`: pages\n'.repeat(5), FILES)).toEqual([]);
    expect(
      await told(directoryTree, '```ts\nconst a = {\n  b: 1,\n  c: 2,\n  d: 3,\n  e: 4,\n};\n```\n', FILES),
    ).toEqual([]);
  });
});
