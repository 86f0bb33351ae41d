import { execFile } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import type { Tool, ToolResult } from '../port.ts';
import { Checkout } from './checkout.ts';
import { openCommitTools, openTools, TOOL_REFUSALS, type ToolRefusal } from './index.ts';
import { Refused } from './refusals.ts';

/** Stands in a file beside the checkout: no result may hold it. */
const OUTSIDE = 'the-secret-outside';
const never = new AbortController().signal;

let repository: TestRepository;
/** What the tools look into: the folder, or a commit with all of it that git takes, in a bare repository that borrows its objects. */
const SEEN = ['a folder', 'a commit'] as const;
type Seen = (typeof SEEN)[number];

let tools: Readonly<Record<Seen, readonly Tool[]>>;
let bare: string;
let commit: string;
let closeCommit: () => Promise<void>;
let marker: string;
let socket: Server;

beforeAll(async () => {
  repository = await makeRepository({
    commits: [
      { files: { 'a.txt': 'a\nb\n', 'src/b.ts': 'export const b = 1;\n', 'gone.txt': 'x\n' } },
      { files: { 'a.txt': 'a\nc\n' }, deleted: ['gone.txt'] },
    ],
  });
  const { dir, root, git } = repository;
  marker = join(root, 'executed');
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside/secret.txt'), OUTSIDE);
  const links: Record<string, string> = {
    'to-passwd': '/etc/passwd',
    'to-root': '/',
    'to-proc': '/proc/self',
    'to-environ': '/proc/self/environ',
    'to-zero': '/dev/zero',
    'to-random': '/dev/urandom',
    'to-stdin': '/dev/stdin',
    'to-outside': '../outside/secret.txt',
    'to-outside-folder': '../outside',
    'to-parent': '..',
    'to-nowhere-outside': '../outside/not-there',
    'to-prefix': `${dir}-other/secret.txt`,
    around: 'src/../../outside/secret.txt',
    'chain-1': 'chain-2',
    'chain-2': 'chain-3',
    'chain-3': '../outside/secret.txt',
    'loop-1': 'loop-2',
    'loop-2': 'loop-1',
    self: 'self',
    'loop-folder': 'loop-folder/x',
    'to-git': '.git',
    'to-config': '.git/config',
    'to-nested': 'nested/.git/config',
    'to-nested-folder': 'nested/.git',
    dangling: 'not-there',
    'src/up': '../../outside/secret.txt',
    'inner-link': 'src/b.ts',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(dir, name));
  mkdirSync(join(dir, 'nested/.git'), { recursive: true });
  writeFileSync(join(dir, 'nested/.git/config'), OUTSIDE);
  writeFileSync(join(dir, 'nested/n.txt'), 'n\n');
  mkdirSync(`${dir}-other`);
  writeFileSync(`${dir}-other/secret.txt`, OUTSIDE);
  writeFileSync(join(dir, 'huge.txt'), Buffer.alloc(5 << 20, 'x\n'));
  writeFileSync(join(dir, 'sparse.txt'), '');
  truncateSync(join(dir, 'sparse.txt'), 20 * 2 ** 30);
  writeFileSync(join(dir, 'binary.dat'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]));
  writeFileSync(join(dir, 'utf32.txt'), Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]));
  writeFileSync(
    join(dir, 'lfs.bin'),
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
  );
  await promisify(execFile)('mkfifo', [join(dir, 'pipe'), join(dir, 'src/pipe.ts'), join(root, 'pipe')]);
  socket = createServer().listen(join(dir, 'socket'));
  writeFileSync(join(dir, '.gitattributes'), ATTRIBUTES);
  await git('add', '--all', '--', '.', ':!sparse.txt');
  await git('commit', '--quiet', '--message=all');
  commit = await git('rev-parse', 'HEAD');
  await git('reset', '--quiet', 'HEAD~1');
  bare = join(root, 'bare.git');
  await testGit(root, ['clone', '--quiet', '--bare', '--shared', dir, bare]);
  await poison(dir, git);
  await poison(bare, (...args) => testGit(bare, args));
  const opened = await openCommitTools({ repo: bare, commit });
  closeCommit = opened.close;
  tools = { 'a folder': await openTools({ root: dir }), 'a commit': opened.tools };
});

afterAll(async () => {
  await closeCommit();
  socket.close();
  rmSync(`${repository.dir}-other`, { recursive: true });
  await repository.cleanup();
});

/** A configuration, attributes and hooks that run a script wherever git lets them. */
const ATTRIBUTES = '* filter=evil diff=evil\n';
async function poison(dir: string, git: TestRepository['git']): Promise<void> {
  const script = join(repository.root, 'evil.sh');
  const hooks = join(repository.root, 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const file of [script, join(hooks, 'post-checkout'), join(hooks, 'fsmonitor-watchman')])
    writeFileSync(file, `#!/bin/sh\ntouch ${marker}\ncat\n`, { mode: 0o755 });
  writeFileSync(join(dir, '.gitattributes'), ATTRIBUTES);
  const settings: Record<string, string> = {
    'alias.log': `!${script}`,
    'alias.blame': `!${script}`,
    'blame.ignoreRevsFile': join(repository.root, 'outside/secret.txt'),
    'core.alternateRefsCommand': script,
    'core.attributesFile': join(dir, '.gitattributes'),
    'core.editor': script,
    'core.fsmonitor': script,
    'core.hooksPath': hooks,
    'core.pager': script,
    'core.sshCommand': script,
    'diff.evil.command': script,
    'diff.evil.textconv': script,
    'diff.external': script,
    'filter.evil.clean': script,
    'filter.evil.process': script,
    'filter.evil.required': 'true',
    'filter.evil.smudge': script,
    'gpg.program': script,
    'log.showSignature': 'true',
    'mailmap.file': join(repository.root, 'outside/secret.txt'),
    'pager.log': script,
    'pager.show': script,
    'protocol.ext.allow': 'always',
    'remote.origin.promisor': 'true',
    'remote.origin.url': `ext::sh -c touch% ${marker}`,
  };
  for (const [name, value] of Object.entries(settings)) await git('config', name, value);
}

beforeEach(() => expect(existsSync(marker)).toBe(false));

async function run(seen: Seen, tool: string, input: unknown, signal = never): Promise<ToolResult> {
  const result = await tools[seen].find(({ name }) => name === tool)!.run(input, signal);
  expect(JSON.stringify(result)).not.toContain(OUTSIDE);
  expect(existsSync(marker)).toBe(false);
  return result;
}

type Attack = readonly [tool: string, input: unknown, reason: ToolRefusal];
const reading = (path: string, reason: ToolRefusal): Attack => ['read', { path }, reason];

const PATH_ESCAPE: readonly Attack[] = [
  reading('/etc/passwd', 'path-absolute'),
  reading('//etc/passwd', 'path-absolute'),
  reading('../outside/secret.txt', 'path-parent'),
  reading('src/../../outside/secret.txt', 'path-parent'),
  reading('src/..', 'path-parent'),
  reading('./../outside/secret.txt', 'path-parent'),
  reading('src/./b.ts', 'path-parent'),
  reading('..', 'path-parent'),
  reading('C:/Windows/win.ini', 'path-absolute'),
  reading('c:', 'path-absolute'),
  reading('..\\outside\\secret.txt', 'path-form'),
  reading('\\\\server\\share\\file', 'path-form'),
  reading('a.txt\0.png', 'path-form'),
  reading('a.txt\n', 'path-form'),
  reading('src//b.ts', 'path-form'),
  reading('x/'.repeat(3000), 'path-form'),
  reading('x'.repeat(3000), 'not-found'),
  reading('%2e%2e/outside/secret.txt', 'not-found'),
  reading('%2fetc%2fpasswd', 'not-found'),
  reading('．．/outside/secret.txt', 'not-found'),
  reading('‥/outside/secret.txt', 'not-found'),
  reading('src∕b.ts', 'not-found'),
  reading('~/.ssh/id_rsa', 'not-found'),
  reading('$HOME/.ssh/id_rsa', 'not-found'),
  reading('file:///etc/passwd', 'path-form'),
  reading('...', 'not-found'),
  reading('a.txt/../../outside/secret.txt', 'path-parent'),
  reading('a.txt/x', 'not-found'),
  ['list', { path: '..' }, 'path-parent'],
  ['list', { path: '/' }, 'path-absolute'],
  ['list', { path: '/proc', recursive: true }, 'path-absolute'],
  ['grep', { pattern: '.', path: '../outside' }, 'path-parent'],
  ['grep', { pattern: '.', path: '/etc' }, 'path-absolute'],
  ['git_log', { path: '../outside' }, 'path-parent'],
  ['git_blame', { path: '/etc/passwd' }, 'path-absolute'],
  ['git_show', { path: '../outside/secret.txt', content: true }, 'path-parent'],
];

const SYMLINK: readonly Attack[] = [
  reading('to-passwd', 'link-outside'),
  reading('to-root/etc/passwd', 'link-outside'),
  reading('to-proc/environ', 'link-outside'),
  reading('to-environ', 'link-outside'),
  reading('to-outside', 'link-outside'),
  reading('to-outside-folder/secret.txt', 'link-outside'),
  reading('to-parent/outside/secret.txt', 'link-outside'),
  reading('to-nowhere-outside', 'link-outside'),
  reading('to-prefix', 'link-outside'),
  reading('around', 'link-outside'),
  reading('chain-1', 'link-outside'),
  reading('src/up', 'link-outside'),
  reading('loop-1', 'link-loop'),
  reading('self', 'link-loop'),
  reading('loop-folder', 'link-loop'),
  reading('dangling', 'not-found'),
  ['list', { path: 'to-parent' }, 'link-outside'],
  ['list', { path: 'to-root' }, 'link-outside'],
  ['grep', { pattern: '.', path: 'to-outside-folder' }, 'link-outside'],
  ['grep', { pattern: 'secret', path: 'to-outside' }, 'link-outside'],
];

const SIZE_AND_KIND: readonly Attack[] = [
  reading('huge.txt', 'too-large'),
  reading('sparse.txt', 'too-large'),
  ['grep', { pattern: 'x', path: 'sparse.txt' }, 'too-large'],
  reading('binary.dat', 'binary'),
  reading('utf32.txt', 'binary'),
  reading('lfs.bin', 'lfs-pointer'),
  ['grep', { pattern: 'ELF', path: 'binary.dat' }, 'binary'],
  reading('src', 'not-a-file'),
  reading('', 'not-a-file'),
  reading('pipe', 'special-file'),
  reading('src/pipe.ts', 'special-file'),
  reading('socket', 'special-file'),
  ['grep', { pattern: '.', path: 'pipe' }, 'special-file'],
  reading('to-zero', 'link-outside'),
  reading('to-random', 'link-outside'),
  reading('to-stdin', 'link-outside'),
  ['list', { path: 'pipe' }, 'not-a-folder'],
  ['list', { path: 'a.txt', recursive: true }, 'not-a-folder'],
];

const GIT_FOLDER: readonly Attack[] = [
  ...['.git', '.git/config', '.GIT/config', '.Git/HEAD', './.git/config', 'nested/.git/config', 'to-git/config'].map(
    (path) => reading(path, 'git-folder'),
  ),
  ...[
    'to-config',
    '.git./config',
    '.git /config',
    'to-nested',
    'to-nested-folder/config',
    'git~1/config',
    '.g\u200cit/config',
    '.git::$INDEX_ALLOCATION/config',
  ].map((path) => reading(path, 'git-folder')),
  ['list', { path: '.git' }, 'git-folder'],
  ['list', { path: 'to-git' }, 'git-folder'],
  ['grep', { pattern: 'url', path: '.git' }, 'git-folder'],
  ['git_show', { path: '.git/config', content: true }, 'git-folder'],
];

const REGEX_BOMB: readonly Attack[] = [
  ['grep', { pattern: '(?=a)b' }, 'bad-pattern'],
  ['grep', { pattern: '(a)\\1' }, 'bad-pattern'],
  ['grep', { pattern: '((((' }, 'bad-pattern'],
  ['grep', { pattern: '[' }, 'bad-pattern'],
  ['grep', { pattern: 'a{1001}' }, 'pattern-too-large'],
  ['grep', { pattern: '((a{100}){100}){100}' }, 'pattern-too-large'],
  ['grep', { pattern: '(?:x{0,30}){1,30}y{1,900}' }, 'pattern-too-large'],
  ['grep', { pattern: 'x'.repeat(100_000) }, 'pattern-too-large'],
  ['grep', { pattern: `${'('.repeat(490)}a${')'.repeat(490)}{1000}` }, 'pattern-too-large'],
];

const OPTION_INJECTION: readonly Attack[] = [
  ...['--output=/tmp/x', '-p', '--exec=touch x', '--upload-pack=x', '-', '--', '--all', '--no-index', '--ext-diff'].map(
    (revision): Attack => ['git_log', { revision }, 'bad-revision'],
  ),
  ...['HEAD..HEAD~1', 'HEAD...HEAD~1', '^HEAD', ':/a', 'HEAD^{/(a*)*b}', 'HEAD:a.txt', 'HEAD@{1}', ''].map(
    (revision): Attack => ['git_show', { revision }, 'bad-revision'],
  ),
  ...[
    'HEAD\n--output=x',
    'HEAD --output=x',
    'HEAD\0',
    `HEAD${'^'.repeat(500)}`,
    'a'.repeat(500),
    '$(touch x)',
    '`x`',
  ].map((revision): Attack => ['git_blame', { path: 'a.txt', revision }, 'bad-revision']),
  ...['not-there', '0'.repeat(40), 'deadbeef', 'HEAD~999999', 'refs/heads/none', 'index'].map(
    (revision): Attack => ['git_show', { revision }, 'unknown-revision'],
  ),
  ['git_show', { path: '--output=x', content: true }, 'not-found'],
  ['git_show', { path: ':(top)a.txt', content: true }, 'not-found'],
  ['git_show', { path: '*.txt', content: true }, 'not-found'],
  ['git_blame', { path: '-L1,1' }, 'not-found'],
  ['git_blame', { path: ':(glob)**' }, 'not-found'],
  ['git_blame', { path: 'src' }, 'not-a-file'],
  ['git_blame', { path: '' }, 'not-a-file'],
  ['git_log', { path: '-p', options: ['--exec'] }, 'bad-input'],
];

const BAD_INPUT: readonly Attack[] = [
  ['read', {}, 'bad-input'],
  ['read', null, 'bad-input'],
  ['read', undefined, 'bad-input'],
  ['read', 'a.txt', 'bad-input'],
  ['read', ['a.txt'], 'bad-input'],
  ['read', { path: 1 }, 'bad-input'],
  ['read', { path: ['/etc/passwd'] }, 'bad-input'],
  ['read', { path: 'a.txt', from: 0 }, 'bad-input'],
  ['read', { path: 'a.txt', from: Number.NaN }, 'bad-input'],
  ['read', { path: 'a.txt', lines: 1e300 }, 'bad-input'],
  ['read', { path: 'a.txt', root: '/' }, 'bad-input'],
  ['grep', { pattern: '' }, 'bad-input'],
  ['git_log', { count: 1e9 }, 'bad-input'],
];

/** Of no commit. */
const ON_THE_DISK_ALONE = ['pipe', 'src/pipe.ts', 'socket', 'sparse.txt'];

describe.each([
  ['a path that leads out', PATH_ESCAPE],
  ['a symbolic link', SYMLINK],
  ['what is too large, or no text, or no file', SIZE_AND_KIND],
  ['what is git’s own', GIT_FOLDER],
  ['a pattern that could run for ever', REGEX_BOMB],
  ['an option where a revision or a path should be', OPTION_INJECTION],
  ['an input of another form', BAD_INPUT],
])('%s', (_, attacks) => {
  describe.each(SEEN)('in %s', (seen) => {
    it.each(attacks)('is refused by %s: %j -> %s', async (tool, input, given) => {
      const { path } = (input ?? {}) as { path?: unknown };
      const reason = seen === 'a commit' && ON_THE_DISK_ALONE.includes(path as string) ? 'not-found' : given;
      const result = await run(seen, tool, input);
      expect(result).toMatchObject({ ok: false, reason });
      expect(result).toMatchObject({ message: expect.stringContaining(TOOL_REFUSALS[reason]) });
      expect(JSON.stringify(result).length).toBeLessThan(1000);
      expect(JSON.stringify(result)).not.toContain(repository.root);
    });
  });
});

describe('a list', () => {
  it('does not name what is git’s', async () => {
    for (const seen of SEEN) {
      expect(await run(seen, 'list', { path: 'nested' })).toMatchObject({ text: 'n.txt' });
      expect(JSON.stringify(await run(seen, 'list', {}))).not.toContain('.git/');
    }
  });
});

describe.each(SEEN)('a search over everything in %s', (seen) => {
  it('sees nothing outside, nothing of git, no pipe, and says what it passed over', async () => {
    const result = await run(seen, 'grep', { pattern: '.' });
    expect(result).toMatchObject({ ok: true });
    const text = (result as { text: string }).text;
    expect(text).toContain('a.txt:1: a');
    expect(text).toContain('src/b.ts:1: export');
    expect(text).not.toMatch(/^(?:pipe|socket|nested\/\.git|\.git\/|to-|chain|around|src\/up)/m);
    expect(text).toContain('too-large');
  });
});

describe('a search with a pattern that backtracks elsewhere', () => {
  it.each([
    '(a+)+$',
    '(?:a|a)*$',
    '(.*)(.*)(.*)(.*)=$',
    '(?:x+x+)+y',
    '(?:a?){200}a{200}$',
    '\\b(?:\\w+\\s?)+$',
  ])('ends: %s', async (pattern) => {
    writeFileSync(join(repository.dir, 'long.txt'), `${'a'.repeat(19_000)}!\n`.repeat(20));
    expect(await run('a folder', 'grep', { pattern, path: 'long.txt' })).toMatchObject({ ok: true });
  });
});

describe.each(SEEN)('a repository whose configuration names programs, and %s of it', (seen) => {
  it.each([
    ['git_log', {}],
    ['git_log', { path: 'a.txt' }],
    ['git_blame', { path: 'a.txt' }],
    ['git_show', {}],
    ['git_show', { revision: 'HEAD~1' }],
    ['git_show', { path: 'a.txt' }],
    ['git_show', { path: 'a.txt', content: true }],
    ['grep', { pattern: 'a' }],
    ['list', { recursive: true }],
  ])('runs none of them for %s %j', async (tool, input) => {
    expect(await run(seen, tool, input)).toMatchObject({ ok: true });
  });
});

describe('plain git', () => {
  it('would have run them: these tests can fail', async () => {
    await testGit(repository.dir, ['show', 'HEAD']).catch(() => {});
    expect(existsSync(marker)).toBe(true);
    rmSync(marker);
    await testGit(repository.dir, ['ls-files', '--others']).catch(() => {});
    expect(existsSync(marker)).toBe(true);
    rmSync(marker);
  });
});

describe('what is exchanged between looking and opening', () => {
  let root: string;
  let checkout: Checkout;
  beforeEach(() => {
    root = join(repository.root, 'race');
    rmSync(root, { recursive: true, force: true });
    mkdirSync(join(root, 'dir'), { recursive: true });
    writeFileSync(join(root, 'dir/secret.txt'), 'inside');
    checkout = new Checkout(root);
  });
  const out = () => join(repository.root, 'outside');

  it.each<readonly [string, () => void]>([
    ['a file for a link', () => swap('dir/secret.txt', (at) => symlinkSync(join(out(), 'secret.txt'), at))],
    ['a folder for a link', () => swap('dir', (at) => symlinkSync(out(), at))],
    ['a file for a pipe', () => swap('dir/secret.txt', (at) => renameSync(join(repository.root, 'pipe'), at))],
    ['a file for another', () => swap('dir/secret.txt', (at) => writeFileSync(at, OUTSIDE))],
    ['a file for a folder', () => swap('dir/secret.txt', (at) => mkdirSync(at))],
  ])('%s is refused', (_, exchange) => {
    const place = checkout.resolve('dir/secret.txt');
    exchange();
    expect(() => checkout.read(place, 1000)).toThrow(expect.objectContaining({ name: 'Refused', reason: 'changed' }));
  });

  it('a folder for a link, while the file is looked at', () => {
    swap('dir', (at) => symlinkSync(out(), at));
    // The walk saw a folder at `dir`, and then what the link leads to.
    const stats = lstatSync(join(out(), 'secret.txt'), { bigint: true });
    expect(() => checkout.read({ path: 'dir/secret.txt', isFolder: false, stats }, 1000)).toThrow(Refused);
  });

  it('a folder for a link, before it is listed', () => {
    const place = checkout.resolve('dir');
    swap('dir', (at) => symlinkSync(out(), at));
    expect(() => checkout.names(place, 10)).toThrow(expect.objectContaining({ reason: 'changed' }));
  });

  function swap(path: string, make: (at: string) => void): void {
    const at = join(root, path);
    renameSync(at, `${at}.old`);
    make(at);
  }
});

describe('time', () => {
  it('is over for a call that was called off', async () => {
    expect(await run('a folder', 'read', { path: 'a.txt' }, AbortSignal.abort())).toMatchObject({
      ok: false,
      reason: 'aborted',
    });
  });

  it.each(['grep', 'git_log', 'git_show'])('is limited for %s', async (name) => {
    const limited = await openTools({ root: repository.dir, limits: { time: 0 } });
    const tool = limited.find((one) => one.name === name)!;
    const input = name === 'grep' ? { pattern: 'a' } : {};
    expect(await tool.run(input, never)).toMatchObject({ ok: false, reason: 'too-slow' });
  });
});
