import { describe, expect, it } from 'vitest';
import { json, told } from './testing/told.ts';

describe('package.json', () => {
  const manifest = json({
    name: 'a',
    version: '1.2.3',
    dependencies: { react: '^19.0.0' },
    devDependencies: { vitest: '^4.0.0' },
  });

  it('tells dependencies with their line, and its own version', async () => {
    expect(await told({ 'package.json': manifest })).toEqual([
      'own a 1.2.3 package.json:3',
      'npm react ^19.0.0 package.json:5',
      'npm vitest ^4.0.0 dev package.json:8',
    ]);
  });

  it.each([
    [
      'package-lock.json',
      json({
        name: 'a',
        version: '1.2.3',
        lockfileVersion: 3,
        packages: {
          '': { name: 'a', version: '1.2.3' },
          'node_modules/react': { version: '19.2.0', dependencies: { other: '^1.0.0' } },
          'node_modules/vitest': { version: '4.1.0' },
          'node_modules/x/node_modules/react': { version: '18.0.0' },
        },
      }),
    ],
    [
      'package-lock.json',
      json({ lockfileVersion: 1, dependencies: { react: { version: '19.2.0' }, vitest: { version: '4.1.0' } } }),
    ],
    [
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      react:\n        specifier: ^19.0.0\n        version: 19.2.0(x@1.0.0)\n    devDependencies:\n      vitest:\n        specifier: ^4.0.0\n        version: 4.1.0\n\npackages:\n\n  react@18.0.0:\n    version: 18.0.0\n",
    ],
    [
      'pnpm-lock.yaml',
      'lockfileVersion: 5.4\n\nspecifiers:\n  react: ^19.0.0\n\ndependencies:\n  react: 19.2.0_x@1.0.0\n\ndevDependencies:\n  vitest: 4.1.0\n\npackages:\n\n  /x/1.0.0:\n    dependencies:\n      react: 18.0.0\n',
    ],
    [
      'yarn.lock',
      'react@^18.0.0:\n  version "18.0.0"\n\n"react@^19.0.0":\n  version "19.2.0"\n\nvitest@^4.0.0, vitest@^4.0.1:\n  version "4.1.0"\n',
    ],
    [
      'yarn.lock',
      '"react@npm:^19.0.0":\n  version: 19.2.0\n\n"vitest@npm:^4.0.0, vitest@npm:^4.1.0":\n  version: 4.1.0\n',
    ],
    [
      'bun.lock',
      '{\n  "packages": {\n    "react": ["react@19.2.0", "", {}, "sha"],\n    "vitest": ["vitest@4.1.0", "", {}, "sha"],\n    "x/react": ["react@18.0.0", "", {}, "sha"],\n  }\n}\n',
    ],
  ])('takes what %s pins for what is declared', async (name, lock) => {
    const lines = await told({ 'package.json': manifest, [name]: lock });
    expect(lines.slice(1)).toEqual([
      'npm react ^19.0.0 =19.2.0 package.json:5',
      'npm vitest ^4.0.0 =4.1.0 dev package.json:8',
    ]);
  });

  it("gives a member its own version of the workspace's lock", async () => {
    const lines = await told({
      'package.json': '{}',
      'packages/b/package.json': json({ dependencies: { react: '^18.0.0' } }),
      'package-lock.json': json({
        packages: {
          'node_modules/react': { version: '19.2.0' },
          'packages/b/node_modules/react': { version: '18.3.1' },
        },
      }),
    });
    expect(lines).toEqual(['npm react ^18.0.0 =18.3.1 packages/b/package.json:3']);
  });

  it("puts a catalog's range in the place of its name", async () => {
    const lines = await told({
      'package.json': json({ dependencies: { react: 'catalog:', zod: 'catalog:old' } }),
      'pnpm-workspace.yaml': 'catalog:\n  react: ^19.0.0\ncatalogs:\n  old:\n    zod: ^3.0.0\n',
    });
    expect(lines).toEqual(['npm react ^19.0.0 package.json:3', 'npm zod ^3.0.0 package.json:4']);
  });

  it('tells a peer that is a development dependency once, as what gets installed', async () => {
    const lines = await told({
      'package.json': json({ peerDependencies: { react: '>=18' }, devDependencies: { react: '^19.0.0' } }),
    });
    expect(lines).toEqual(['npm react ^19.0.0 dev package.json:6']);
  });

  it('knows placeholders for a version, and lerna', async () => {
    expect(
      await told({ 'package.json': json({ version: '0.0.0-development' }), 'lerna.json': json({ version: '7.0.1' }) }),
    ).toEqual(['own - 7.0.1 lerna.json:2']);
    expect(
      await told({ 'package.json': json({ version: '0.0.0' }), 'lerna.json': json({ version: 'independent' }) }),
    ).toEqual([]);
  });

  it('survives broken files', async () => {
    expect(
      await told({
        'package.json': '{ "dependencies": ["a"], "version": 3',
        'pnpm-lock.yaml': ':::\n  - x',
        'yarn.lock': '\u0000',
      }),
    ).toEqual([]);
  });
});
