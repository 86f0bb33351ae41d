import { describe, expect, it } from 'vitest';
import type { MemoryFile } from '../../../forge/memory.ts';
import { found, told } from '../testing/fixtures.ts';
import { pastOf } from '../testing/past.ts';
import { deadLink } from './amd104-dead-link.ts';

const FILES: Readonly<Record<string, MemoryFile>> = {
  'docs/guide.md': '# The guide\n\n## Set-up & first run\n\n<a id="faq"></a>\n\n## Custom {#own-id}\n',
  'docs/with space.md': '',
  'docs/new.mdx': '',
  'src/index.ts': '',
  'internal/process/run.go': '',
  'logo.svg': '',
  'vendor/up': { submodule: true },
};

describe('AMD104 dead-link', () => {
  it.each([
    ['a link', 'See [it](docs/nope.md).', '1:10 error docs/nope.md'],
    ['an image', '![it](nope.svg)', '1:7 error nope.svg'],
    ['a definition', '[it][x]\n\n[x]: docs/nope.md', '3:6 error docs/nope.md'],
    ['a link out of the repository', '[it](../../nope.md)', '1:6 warning ../../nope.md'],
    ['a heading that is not in the file', '[it](docs/guide.md#nope)', '1:6 warning docs/guide.md#nope'],
    ['a heading that is not in the document', '# One\n\n[it](#two)', '3:6 warning #two'],
  ])('finds %s', async (_, text, expected) => {
    expect(await told(deadLink, `${text}\n`, FILES)).toEqual([expected]);
  });

  it.each([
    ['files and folders', '[a](docs/guide.md) [b](./src/) [c](/logo.svg) ![d](logo.svg)'],
    ['names with spaces', '[a](docs/with%20space.md) [b](<docs/with space.md>)'],
    [
      'headings',
      '# One & two\n\n[a](#one--two) [b](docs/guide.md#set-up--first-run) [c](docs/guide.md#set-up-first-run)',
    ],
    ['ids', '[a](docs/guide.md#faq) [b](docs/guide.md#own-id)'],
    ['lines of a file', '[a](src/index.ts#L12)'],
    ['addresses', '[a](https://shop.dev/x) [b](mailto:a@shop.dev) [c](//shop.dev/x) [d](shop.dev/x)'],
    ['what is to be filled in', '[a](url) [b](path/to/file.md) [c](<name>.md) [d]({{ link }}) [e](…)'],
    ['examples', 'For example: [a](docs/nope.md)'],
    ['pages of the forge', '[a](../../tree/main) [b](../../issues/12) [c](../../-/merge_requests/3)'],
    ['files of a submodule', '[a](vendor/up/docs/x.md)'],
    ['sentences that are quoted', 'Write: "It is covered in [the guide](docs/nope.md)."'],
    ['links in code', '`[a](docs/nope.md)`\n\n```md\n[a](docs/nope.md)\n```'],
  ])('says nothing of %s', async (_, text) => {
    expect(await told(deadLink, `${text}\n`, FILES)).toEqual([]);
  });

  it('offers the way from a nested document where the link counts from the root', async () => {
    const nested = { ...FILES, 'packages/web/AGENTS.md': 'See [it](docs/guide.md).\n' };
    const [finding, ...more] = await found(deadLink, '', nested);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: 'warning', suggestion: 'See [it](../../docs/guide.md).' });
  });

  it('follows a link from the folder of each name that a document has', async () => {
    const linked = { ...FILES, '.github/copilot-instructions.md': { symlink: '../AGENTS.md' } };
    expect(await told(deadLink, '[a](docs/guide.md)\n', linked)).toEqual([]);
  });

  it('is an error where the target has moved, and names where it is', async () => {
    const past = pastOf({ process: 'internal/process', 'docs/new.md': 'elsewhere/new.md' });
    const [folder] = await found(deadLink, '- **[`process/`](process/)**: runs\n', FILES, past);
    expect(folder).toMatchObject({
      severity: 'error',
      subject: 'process/',
      message: 'process has moved to internal/process',
    });
    expect(folder?.suggestion).toBe('- **[`process/`](internal/process)**: runs');
    const [file] = await found(deadLink, '[new](docs/new.md)\n', FILES, past);
    expect(file?.suggestion).toBe('[new](docs/new.mdx)');
  });

  it('takes the links of Cursor’s rules from the root', async () => {
    const cursor = { ...FILES, '.cursor/rules/a.mdc': '[a](mdc:src/index.ts) [b](mdc:src/nope.ts)\n' };
    expect(await told(deadLink, '', cursor)).toEqual(['1:31 error src/nope.ts']);
  });

  it('is only a warning for what tools make', async () => {
    expect(await told(deadLink, '[report](coverage/index.html)\n', FILES)).toEqual([
      '1:10 warning coverage/index.html',
    ]);
  });
});
