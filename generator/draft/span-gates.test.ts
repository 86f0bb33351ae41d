import { describe, expect, it } from 'vitest';
import { bullet, refused } from './testing/refused.ts';

const FILES = {
  Makefile: 'api:\n\tdump-api > "$dir/public-api.txt"\n',
  'crates/a/public-api.txt': 'pub fn a\n',
  'crates/b/public-api.txt': 'pub fn b\n',
  'crates/a/Alone.toml': 'alone = 1\n',
  'tests/df/insert.slt': 'query\n',
  'tests/plan.toml': 'slt = "df/insert.slt"\n',
  'lib/parser.rb':
    "# simple must come first\nrequire_relative 'parser/simple'\n# require 'parser/other'\nload 'parser/gone.rb'\nload 'legacy/core'\n  Print 'parser/said' in a text\nload '../parser/up'\nread('.shop_options')\nuse('tools/rules')\nload 'parser/../up'\n",
  'lib/parser/simple.rb': 'x = 1\n',
  'lib/legacy/core/a.rb': 'x = 1\n',
  'lib/notes.md': "require 'parser/noted'\n",
  'docs/v2/index.mdx': 'Old\n',
  'docs/v3/index.mdx': 'Old\n',
  'tests/docs.ts': '// Frozen snapshots (docs/v2/, docs/v3/) of releases\nexport const pages = 2; // v2\n',
  'lib/thread.ex':
    '  @type t :: unquote(schema(@fields))\n  defstruct Zoi.fields(@schema)\n  # @type k :: kumquat(@fields)\n  run("@type s :: said(@fields)")\n  @moduletag :example\n  @type sh :: curl(@fields)\n  Run with: mix test a.exs --include example\n  {:stop, reason, state} | x\n',
  'lib/schema.json': '{\n  "additionalProperties": false\n}\n',
  'lib/copies.ts': '// adapters can resolve to other copies of `@shop/core`\nexport const copies = 2;\n',
  'lib/path.php': '<?php\nuse Shop\\Core\\Path;\n',
  'tools/tag.sh': '@tag :kumquat\n',
  'packages/vitest/package.json': '{\n  "name": "vitest",\n  "main": "./dist/index.js"\n}\n',
  'packages/web/package.json':
    '{\n  "name": "web",\n  "devDependencies": { "vitest": "workspace:*", "jest": "1.0.0" }\n}\n',
};
const gateOf = async (text: string, at: readonly string[]) => (await refused(FILES, bullet(FILES, text, at)))?.gate;

describe('what a bullet names', () => {
  it.each<readonly [text: string, at: readonly string[]]>([
    // The name of files in many folders, and how files end.
    ['`public-api.txt` of a crate is made anew by the target `api`', ['Makefile:2', 'Makefile:1']],
    ['Each `public-api.txt` lists what a crate shows', ['crates/a/public-api.txt:1', 'Makefile:2']],
    ['A new `.slt` file is named by a plan, as in `tests/plan.toml`', ['tests/plan.toml:1']],
    // A word of code that only looks like a path.
    ['A parser comes after `parser/simple` in `lib/parser.rb`', ['lib/parser.rb:1', 'lib/parser.rb:2']],
    ['`lib/parser.rb` knows `.shop_options` of a user', ['lib/parser.rb:8']],
    // A package that is called like a program.
    ['Tests see what is built: build again after a change to `vitest`', ['packages/web/package.json:3']],
    // A piece of code, an option with what it is given, a package with its scope.
    ['Types of `lib/thread.ex` are `@type t :: unquote(schema(@fields))`', ['lib/thread.ex:1']],
    ['What has fields in `lib/thread.ex` says `defstruct Zoi.fields(@schema)`', ['lib/thread.ex:2']],
    ['Examples of `lib/thread.ex` carry `@moduletag :example`', ['lib/thread.ex:5']],
    ['Examples of `lib/thread.ex` count with `--include example` alone', ['lib/thread.ex:7']],
    ['A new key goes into `lib/schema.json`: `"additionalProperties": false` refuses others', ['lib/schema.json:2']],
    ['In `lib/copies.ts` there can be several copies of `@shop/core`', ['lib/copies.ts:1']],
    ['Paths of `lib/path.php` are made by `Shop\\Core\\Path`', ['lib/path.php:2']],
    // All of a path whose last name is short.
    ['Pages in `docs/v2/` and `docs/v3/` are frozen snapshots of releases', ['tests/docs.ts:1']],
  ])('is there: %s', async (text, at) => {
    expect(await gateOf(text, at)).toBeUndefined();
  });

  it.each<readonly [gate: string, text: string, at: readonly string[]]>([
    // One file of a name has one path, and a name nobody has none.
    ['names', 'What stands in `Alone.toml` counts for all crates', ['crates/a/Alone.toml:1']],
    ['names', '`private-api.txt` of a crate is made anew by the target `api`', ['Makefile:2', 'Makefile:1']],
    ['names', 'A new `.sql` file is named by a plan, as in `tests/plan.toml`', ['tests/plan.toml:1']],
    // Of those that many folders have the line has to speak.
    ['shown', 'Each `public-api.txt` is named by a plan in `tests/plan.toml`', ['tests/plan.toml:1']],
    ['shown', 'A new `.slt` file is entered in the target `api`', ['Makefile:1']],
    // No string of code: a comment, a text, a document; and what is a path must be one from the top.
    ['names', 'A parser comes after `parser/other` in `lib/parser.rb`', ['lib/parser.rb:3']],
    ['names', 'A parser comes after `parser/said` in `lib/parser.rb`', ['lib/parser.rb:6']],
    ['names', 'A parser comes after `parser/noted` in `lib/parser.rb`', ['lib/notes.md:1', 'lib/parser.rb:2']],
    ['names', 'A parser comes after `parser/gone.rb` in `lib/parser.rb`', ['lib/parser.rb:4']],
    ['names', 'A parser comes after `legacy/core` in `lib/parser.rb`', ['lib/parser.rb:5']],
    ['names', 'A parser comes after `../parser/up` in `lib/parser.rb`', ['lib/parser.rb:7']],
    ['names', 'A parser comes after `parser/../up` in `lib/parser.rb`', ['lib/parser.rb:10']],
    ['names', 'A parser comes after `parser/never` in `lib/parser.rb`', ['lib/parser.rb:2']],
    ['names', 'A parser comes after `tools/rule` in `lib/parser.rb`', ['lib/parser.rb:9']],
    // A piece of a comment, of a string, of a script, of another line; one with a program in it, or with something to start it.
    ['names', 'Types of `lib/thread.ex` are `@type k :: kumquat(@fields)`', ['lib/thread.ex:3']],
    ['names', 'Types of `lib/thread.ex` are `@type s :: said(@fields)`', ['lib/thread.ex:4']],
    ['names', 'Tags of `tools/tag.sh` are `@tag :kumquat`', ['tools/tag.sh:1']],
    ['names', 'Types of `lib/thread.ex` are `@type t :: unquote(schema(@others))`', ['lib/thread.ex:1']],
    ['names', 'Types of `lib/thread.ex` are `@type sh :: curl(@fields)`', ['lib/thread.ex:6']],
    ['names', 'Ends of `lib/thread.ex` are `{:stop, reason, state} | x`', ['lib/thread.ex:8']],
    ['names', 'Examples of `lib/thread.ex` count with `mix test a.exs --include example`', ['lib/thread.ex:7']],
    ['names', 'Examples of `lib/thread.ex` count with `--exclude example` alone', ['lib/thread.ex:7']],
    ['names', 'Paths of `lib/path.php` are made by `Shop\\Core\\Paths`', ['lib/path.php:2']],
    ['names', 'In `lib/copies.ts` there can be several copies of `@shop/web`', ['lib/copies.ts:1']],
    // A program, or a package of somebody else.
    ['names', 'Tests see what is built: check with `vitest` after a change', ['packages/web/package.json:3']],
    ['names', '`vitest` sees what is built: build again after a change', ['packages/web/package.json:3']],
    ['names', 'Tests see what is built: build again after a change to `jest`', ['packages/web/package.json:3']],
    // A short name says nothing by itself.
    ['shown', 'Pages in `docs/v2/` are those that were released before', ['tests/docs.ts:2']],
  ])('%s: %s', async (gate, text, at) => {
    expect(await gateOf(text, at)).toBe(gate);
  });
});
