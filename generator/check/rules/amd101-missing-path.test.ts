import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../../forge/memory.ts';
import { found, told } from '../testing/fixtures.ts';
import { pastOf } from '../testing/past.ts';
import { missingPath } from './amd101-missing-path.ts';

const FILES: Readonly<Record<string, MemoryFile>> = {
  'package.json': '{ "name": "shop" }',
  '.gitignore': '*.generated.ts\n*.priv.ts\nscratch/\n',
  'src/index.ts': '',
  'src/commands/git.ts': '',
  'src/api/tools/list.ts': '',
  'internal/process/run.go': '',
  'docs/guide.md': '',
  'packages/web/src/app.ts': '',
  'packages/web/package.json': '{ "name": "@shop/web" }',
  'third/core': { submodule: true },
  'plugin-java/a': '',
  'plugin-kotlin/a': '',
  'build/build.cs': '',
};

describe('AMD101 missing-path', () => {
  describe('is a warning where a path begins with a folder that is there, and ends nowhere', () => {
    it.each([
      ['- The parser lives in `src/parser.ts`.', '1:24 warning src/parser.ts'],
      ['- `src/parser/`: the parser', '1:4 warning src/parser/'],
      ['Add the method to `src/table.ts`.', '1:20 warning src/table.ts'],
      ['Add a test in `src/table.test.ts:12`.', '1:16 warning src/table.test.ts'],
      ['| Path | What |\n| --- | --- |\n| `src/parser.ts` | parses |', '3:4 warning src/parser.ts'],
      ['The errors are mapped under src/errors.ts.', '1:29 warning src/errors.ts'],
      ['## Documentation (packages/handbook)', '1:19 warning packages/handbook'],
      ['- `src/Index.ts` is the entry', '1:4 warning src/Index.ts'],
      ['The `demo/` directory contains a deployment.', '1:6 warning demo/'],
      ['Code: `/src`, `/docs/guide.md`, `/packages/web`; `/src/gone.ts` is the entry.', '1:52 warning src/gone.ts'],
    ])('%j', async (text, expected) => {
      expect(await told(missingPath, `${text}\n`, FILES)).toEqual([expected]);
    });

    it('from the folder of a nested document too', async () => {
      const nested = { ...FILES, 'packages/web/AGENTS.md': 'See `src/app.ts`, `src/nope.ts` and `src/index.ts`.\n' };
      expect(await told(missingPath, '', nested)).toEqual(['1:20 warning src/nope.ts']);
    });

    it('and says how a name is written that differs in capitals only', async () => {
      const [finding] = await found(missingPath, 'The target is in `build/Build.cs`.\n', FILES);
      expect(finding).toMatchObject({ severity: 'warning', suggestion: 'The target is in `build/build.cs`.' });
    });
  });

  describe('says nothing of', () => {
    it.each([
      ['packages and what is imported from them', 'Import from `@shop/web`, `vitest/node` and `@vitest/utils/error`.'],
      ['words with a slash', 'Use `and/or`, `read/write`, `build/test` or `ESM/CJS/types`.'],
      [
        'flags, placeholders and patterns',
        '`src/<name>.ts`, `src/**/*.nope`, `path/to/file.ts`, `src/foo.ts`, `src/...`',
      ],
      ['what is made or ignored', '`dist/main.js`, `src/api.generated.ts`, `scratch/x.md`, `node_modules/x/y.js`'],
      ['what must not be there', 'Do not create `src/utils.ts`. Never add files to `src/helpers/`.'],
      ['what is to be made', 'Create a new file `src/my_feature.ts`. Reports are written to `src/report.html`.'],
      ['what was there', '`src/old.ts` was removed. We migrated from `src/legacy.ts`.'],
      ['branches and remotes', 'Rebase on `origin/main`; branches are called `feature/x` or `v2/`.'],
      ['arity', 'Call `api/1` and `fetch/2`.'],
      ['addresses', 'See `github.com/shop/web`, `docs.shop.dev/src/x.md` and `https://shop.dev/src/a.ts`.'],
      ['other repositories', 'In the shop-docs repository, `src/theme.ts` holds the theme.'],
      ['media types and numbers', '`application/json`, `1/2`, `10/100`'],
      ['the end of a path that is there', '`commands/git.ts`, `process/` and `tools/list.ts`'],
      ['folders with some between left out', 'Tools live in `src/tools/`.'],
      ['modules named without their ending', '`src/index`, `src/commands/git.js`'],
      [
        'the folder its heading or sentence names',
        '## `packages/web`\n\nThe entry is `src/app.ts`; in `src/commands`, `git.ts` is one.',
      ],
      ['what lies in a submodule', '`third/core/include/x.h`'],
      ['what the repository ignores', '- `src/keys.priv.ts` holds the keys'],
      ['paths of the file system', 'It is in ~/src/errors.ts or $ROOT/src/errors.ts.'],
      ['lists', '`plugin-java/kotlin`'],
      ['methods', 'Build it with `src/log.New()`.'],
      ['two endings', '`src/list.h/.cpp`'],
      ['what a command is shown with', '```sh\nnpx vitest src/some.test.ts\n```'],
      ['examples under such a heading', '# Shop\n\n## Example\n\nThe parser is in `src/parser.ts`.'],
      ['links, which are another rule', '[guide](src/guide.md)'],
      ['names of other people’s files', 'Configure it in `settings.local.json` or `user/config.toml`.'],
    ])('%s', async (_, text) => {
      const loud = (await told(missingPath, `${text}\n`, FILES)).filter((line) => !line.includes(' info '));
      expect(loud).toEqual([]);
    });
  });

  describe('with the history', () => {
    const past = pastOf({
      'src/parser.ts': 'src/language/parser.ts',
      lib: 'src',
      '.github/workflows/merge-queue.yml': undefined,
      process: 'internal/process',
      'old/wrangler.toml': undefined,
      'src/table.test.ts': undefined,
      test: undefined,
    });
    const files = { ...FILES, 'src/language/parser.ts': '' };

    it('is an error where the path was there, and names where it went', async () => {
      const [finding, ...more] = await found(missingPath, '- `src/parser.ts` parses\n', files, past);
      expect(more).toEqual([]);
      expect(finding).toMatchObject({
        rule: 'AMD101',
        severity: 'error',
        message: 'src/parser.ts has moved to src/language/parser.ts',
        suggestion: '- `src/language/parser.ts` parses',
      });
    });

    it.each([
      [
        'a name that only one file can have, whatever folder it was in',
        '- `merge-queue.yml`: merges',
        '1:4 error merge-queue.yml',
      ],
      ['what a command is given', '```sh\nnpx vitest src/table.test.ts\n```', '2:12 error src/table.test.ts'],
      ['below a folder that is gone', '- `lib/api/tools/`: the tools', '1:4 warning lib/api/tools/'],
    ])('finds %s', async (_, text, expected) => {
      expect(await told(missingPath, `${text}\n`, files, past)).toEqual([expected]);
    });

    it('knows where a folder is now that went with the one above it', async () => {
      const [finding] = await found(missingPath, '- `lib/api/tools/`: the tools\n', files, past);
      expect(finding?.suggestion).toBe('- `src/api/tools/`: the tools');
    });

    it.each([
      ['a heading', '## packages/web\n\n- `src/old.ts`: old'],
      ['an item above', '- In `packages/web`:\n  - `src/old.ts`: the shop'],
      ['the sentence', 'In packages/web, `src/old.ts` is the shop.'],
    ])('looks from the folder that %s names', async (_, text) => {
      const old = pastOf({ 'packages/web/src/old.ts': undefined });
      expect(await told(missingPath, `${text}\n`, files, old)).toEqual([expect.stringContaining(' error src/old.ts')]);
    });

    it('takes what is named as an example, or beside what tools make, for less sure', async () => {
      expect(await told(missingPath, 'Names have hyphens (e.g. `merge-queue.yml`).\n', files, past)).toEqual([
        '1:27 info merge-queue.yml',
      ]);
      expect(await told(missingPath, '- From `out/bin`, `./src/run-all.sh` starts it.\n', files)).toEqual([
        '1:20 info ./src/run-all.sh',
      ]);
    });

    it.each([
      ['what a command writes', '```sh\nreport -o src/table.test.ts\n```'],
      ['what a command makes or removes', '```sh\nrm src/table.test.ts\ntouch src/table.test.ts\n```'],
      ['the place a copy goes to', '```sh\ncp src/index.ts src/table.test.ts\n```'],
      ['names that any repository has', 'It reads `wrangler.toml` first.'],
      ['a folder by its name alone, where one of that name is there', 'See `process/`.'],
      ['what the text says is gone', '`src/parser.ts` was replaced.'],
      ['the folder of a made-up argument', '```sh\nnpx vitest test/some/thing.test.ts\n```'],
    ])('says nothing of %s', async (_, text) => {
      expect(await told(missingPath, `${text}\n`, files, past)).toEqual([]);
    });

    it('does not call it an error where the text does not say that it is there', async () => {
      expect(await told(missingPath, 'You may create `src/parser.ts`.\n', files, past)).toEqual([
        '1:17 info src/parser.ts',
      ]);
    });
  });

  describe('in drawn trees', () => {
    const tree = (...lines: string[]): string => ['# Layout', '', '```', ...lines, '```', ''].join('\n');

    it('warns of a child whose whole path is absent', async () => {
      const text = tree(
        'src/',
        '├── index.ts',
        '├── commands/',
        '│   ├── git.ts   # runs git',
        '│   └── svn.ts   # runs svn',
        '└── api/',
      );
      expect(await told(missingPath, text, FILES)).toEqual(['8:9 warning svn.ts']);
    });

    it('says a missing folder once, not what is below it', async () => {
      const text = tree(
        '.',
        '├── docs/',
        '├── src/',
        '│   └── index.ts',
        '├── packages/',
        '└── gone/',
        '    ├── a.ts',
        '    └── b.ts',
      );
      expect(await told(missingPath, text, FILES)).toEqual(['9:5 warning gone/']);
    });

    it('reads trees that are only indented', async () => {
      const text = '```text\nsrc/\n  index.ts\n  api/\n  commands/\n  nope/     # not there\n```\n';
      expect(await told(missingPath, text, FILES)).toEqual(['6:3 warning nope/']);
    });

    it('reads several trees of one block', async () => {
      const text = tree(
        'src/',
        '├── index.ts',
        '├── api/',
        '└── commands/',
        'docs/',
        '├── guide.md',
        '├── guide.md',
        '└── nope.md',
      );
      expect(await told(missingPath, text, FILES)).toEqual(['11:5 warning nope.md']);
    });

    it.each([
      ['of something else', ['app/', '├── models/', '├── views/', '└── index.ts']],
      ['with the repository’s own name on top', ['shop/', '├── src/', '├── docs/', '└── packages/']],
      [
        'with patterns and stand-ins',
        ['src/', '├── index.ts', '├── <name>/', '│   └── x.ts', '├── *.nope', '├── api/', '└── ...'],
      ],
      ['with what is made', ['.', '├── src/', '├── docs/', '├── packages/', '└── dist/']],
    ])('is silent on one %s', async (_, lines) => {
      expect(await told(missingPath, tree(...lines), FILES)).toEqual([]);
    });
  });

  describe('in labels of Bazel', () => {
    const bazel = { ...FILES, 'MODULE.bazel': '', 'app/BUILD.bazel': '', 'app/lib/a.go': '' };

    it.each([
      ['```sh\nbazel test //server:server_test # one\n```', '2:12 warning //server:server_test'],
      ['Build `//server`.', '1:8 warning //server'],
      ['```sh\nbazel build //server/...\n```', '2:13 warning //server/...'],
      ['`bazel run //app/lib:tool`', '1:12 warning //app/lib:tool'],
    ])('finds a package that is not there: %j', async (text, expected) => {
      expect(await told(missingPath, `${text}\n`, bazel)).toEqual([expected]);
    });

    it.each([
      ['```sh\nbazel test //app:all //app/lib/... //... @other//server:x //:root\n```'],
      ['```go\n//server is the server\nx() //server\n```'],
      ['`bazel test //path/to:target`, `//<package>:x`, `https://server/x:y`'],
    ])('is silent on %j', async (text) => {
      expect(await told(missingPath, `${text}\n`, bazel)).toEqual([]);
    });

    it('is silent where there is no Bazel', async () => {
      expect(await told(missingPath, '`//server:x`\n', FILES)).toEqual([]);
    });
  });

  it('says where a path really is in a document that writes whole paths', async () => {
    const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [`rules/${name}.md`, '']));
    const whole = Object.keys(files)
      .map((path) => `- \`${path}\`\n`)
      .join('');
    const text = `${whole}- \`markup/syntax.md\`: the syntax\n`;
    const [finding, ...more] = await found(missingPath, text, { ...files, 'doc/markup/syntax.md': '' });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ line: 8, severity: 'warning', suggestion: '- `doc/markup/syntax.md`: the syntax' });
    expect(await told(missingPath, text, { ...files, 'src/markup/syntax.md': '' })).toEqual([]);
  });

  it('does not where the document often leaves folders out, or names few paths', async () => {
    const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`rules/x/${name}.md`, '']));
    const short = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `- \`x/${name}.md\`\n`).join('');
    expect(await told(missingPath, short, files)).toEqual([]);
    expect(await told(missingPath, '- `rules/x/a.md`\n- `x/b.md`\n', files)).toEqual([]);
  });
});
