import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { processorTime } from '../../test/processor-time.ts';
import { commandsOf } from './commands.ts';
import { documentOf } from './parse.ts';

/** Each command as `line:column [dir] words`, with `!` where it is forbidden and `?` where it has stand-ins. */
function said(text: string, dir = ''): readonly string[] {
  return commandsOf(documentOf(text, { dir })).map(
    ({ piece, words, dir: runsIn, negated, placeholders }) =>
      `${piece.line}:${piece.column} [${runsIn ?? '-'}] ${words.join(' ')}${negated ? ' !' : ''}${placeholders.length > 0 ? ' ?' : ''}`,
  );
}

const block = (text: string, language = 'bash'): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;

describe('commands of inline code', () => {
  it('are programs with words, or one word that the text says to run', () => {
    expect(said('Run `npm run build` and `make`, then run `pytest`.')).toEqual([
      '1:6 [] npm run build',
      '1:43 [] pytest',
    ]);
    expect(said('- `make`: builds')).toEqual(['1:4 [] make']);
  });

  it.each([
    '`foo/bar`',
    '`SomeType`',
    '`src/index.ts`',
    '`const x = 1`',
    '`Makefile`',
    '`a => b`',
    '`and/or`',
    'uses `vitest`',
    '`make(map[string]int)`',
    '`test:*`',
  ])('%s is none', (text) => {
    expect(said(text)).toEqual([]);
  });

  it('may be several, and assignments before them do not count', () => {
    expect(said('Use `CI=1 npm test && cargo fmt`.')).toEqual(['1:11 [] npm test', '1:23 [] cargo fmt']);
  });

  it('keep stand-ins as words', () => {
    expect(said('`pytest <test file> -k NAME` `npm run build:*` `make lint|test` `go test ./...`')).toEqual([
      '1:2 [] pytest <test file> -k NAME ?',
      '1:31 [] npm run build:* ?',
      '1:49 [] make lint|test ?',
      '1:66 [] go test ./...',
    ]);
  });

  it('stand where they stand, quotes included', () => {
    const text = 'Run `npm run "lint all" -- -x` now';
    const [command] = commandsOf(documentOf(text));
    expect(command?.words[2]).toBe('lint all');
    expect(command?.at(2)).toEqual({ text: '"lint all"', line: 1, column: 14, offset: 13 });
    expect(command?.at(0, 2).text).toBe('npm run');
  });
});

describe('commands of code blocks', () => {
  it('are lines of shells, without comments, explanations and prompts', () => {
    expect(said(block('$ npm ci # first\n# a comment\nyarn build\n'))).toEqual(['2:3 [] npm ci']);
    expect(said(block('npm ci      Installs it\nmake all → builds'))).toEqual(['2:1 [] npm ci', '3:1 [] make all']);
    expect(said(block('npm ci', 'ts'))).toEqual([]);
  });

  it('are only known programs where the block has no language', () => {
    expect(said(block('src/\n├── make it\nnpm test\nPASS everything', ''))).toEqual(['4:1 [] npm test']);
  });

  it('are no output of a console', () => {
    expect(said(block('$ make test\nmake lint\n$ npm x \\\n  y', 'console'))).toEqual([
      '2:3 [] make test',
      '4:3 [] npm x y',
    ]);
  });

  it('go on after a backslash, and the piece ends with its line', () => {
    const [command] = commandsOf(documentOf(block('npm run build \\\n  --if-present')));
    expect(command?.words).toEqual(['npm', 'run', 'build', '--if-present']);
    expect(command?.piece.text).toBe('npm run build \\');
    expect(command?.at(3)).toMatchObject({ text: '--if-present', line: 3, column: 3 });
  });

  it('do not stand in heredocs', () => {
    expect(said(block('cat <<EOF\nnpm run x\nEOF\nmake y'))).toEqual(['2:1 [] cat', '5:1 [] make y']);
  });

  it('are read line by line where the whole is no shell', () => {
    expect(said(block("echo don't\nnpm test\nif broken (\nmake x"))).toContain('3:1 [] npm test');
  });

  it('stand exactly where they are, with CRLF, in lists and quotes', () => {
    const text = '- do\r\n  ```sh\r\n  npm ci\r\n  make x\r\n  ```\r\n\r\n> ```sh\r\n> go vet ./...\r\n> ```\r\n';
    const document = documentOf(text);
    expect(said(text)).toEqual(['3:3 [] npm ci', '4:3 [] make x', '8:3 [] go vet ./...']);
    for (const { piece } of commandsOf(document))
      expect(text.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text);
  });
});

describe('the folder of a command', () => {
  it('is the document’s, moved by `cd`', () => {
    expect(said(block('make a\ncd web && npm ci\nnpm test\n(cd x; make y)\ncd ..\nmake b'), 'pkg')).toEqual([
      '2:1 [pkg] make a',
      '3:1 [pkg] cd web',
      '3:11 [pkg/web] npm ci',
      '4:1 [pkg/web] npm test',
      '5:2 [pkg/web] cd x',
      '5:8 [pkg/web/x] make y',
      '6:1 [pkg/web] cd ..',
      '7:1 [pkg] make b',
    ]);
  });

  it('is not known after a `cd` to who knows where', () => {
    expect(said(block('cd "$DIR"\nmake a'))).toContain('3:1 [-] make a');
    expect(said(block('cd /tmp\nmake a'))).toContain('3:1 [-] make a');
  });

  it.each([
    ['In `packages/foo`, run `npm test`.', 'packages/foo'],
    ['Run `npm test` from the `web` directory.', 'web'],
    ['Run `npm test` from the repository root.', ''],
    ['Run `npm test`.', 'docs'],
  ])('is what the sentence says: %s', (text, dir) => {
    expect(commandsOf(documentOf(text, { dir: dir === 'docs' ? 'docs' : '' })).at(-1)?.dir).toBe(dir);
  });

  it('may be another one that the text names', () => {
    const text = '# Guide\n\n## Frontend development\n\nFor `@x/ui`:\n\n- `npm test`\n';
    expect(commandsOf(documentOf(text))[0]?.folders).toContain('Frontend');
    expect(commandsOf(documentOf('Also works in `@x/ui`: `npm test`'))[0]?.folders).toContain('@x/ui');
  });
});

describe('forbidden commands', () => {
  it.each([
    'Never run `npm install`.',
    'Do not use `npm install` here.',
    'Use pnpm instead of `npm install`.',
    '`npm install` is deprecated.',
    '`npm install` no longer works.',
    '## Don’t\n\n- `npm install`',
    '- Avoid:\n  - `npm install`',
    '❌ `npm install`',
    `Wrong:\n\n${block('npm install')}`,
    `❌ Wrong: at the root\n\n${block('npm install')}`,
    block('# Bad: never do this\nnpm install'),
    block('npm install  # wrong'),
  ])('%s', (text) => {
    expect(commandsOf(documentOf(text)).filter(({ words }) => words[0] === 'npm')).toMatchObject([{ negated: true }]);
  });

  it.each([
    'If it does not work, run `npm install`.',
    'Do not forget to run `npm install`.',
    'Never commit without running `npm install`.',
    'Do not use yarn, use `npm install`.',
    'Always run `npm install`.',
    '`npm install` installs what is not there.',
    block('# Bad: never do this\nyarn\n\n# Good\nnpm install'),
  ])('but not: %s', (text) => {
    expect(commandsOf(documentOf(text)).filter(({ words }) => words[0] === 'npm')).toMatchObject([{ negated: false }]);
  });
});

describe('any document', () => {
  it('never throws, and every piece is the text that stands there', () => {
    const part = fc.constantFrom(
      '`npm run a`',
      '```bash\n',
      '```\n',
      'cd x && make y\n',
      '$ npm t\n',
      "'",
      '"',
      '<<EOF\n',
      '\\\n',
      '<x y>',
      'a|b',
      '\r\n',
      '- ',
      '> ',
      '$(',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const document = documentOf(parts.join(''));
        for (const { piece, words, at } of commandsOf(document)) {
          for (const each of [piece, ...words.map((_, i) => at(i))])
            expect(document.lines.line(each.line).slice(each.column - 1, each.column - 1 + each.text.length)).toBe(
              each.text,
            );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is read in linear time', () => {
    const start = processorTime();
    commandsOf(documentOf(`\`npm ${'a '.repeat(200)}\`\n`.repeat(300)));
    commandsOf(documentOf(block(`npm ${'x '.repeat(20_000)}\n`.repeat(5))));
    expect(processorTime() - start).toBeLessThan(5000);
  });
});
