import { expect, it } from 'vitest';
import { lockHosts } from './lock-hosts.ts';

it.each<[string, string, readonly string[]]>([
  [
    'npm',
    '{"a":{"resolved":"https://registry.npmjs.org/a/-/a-1.tgz"},"b":{"resolved": "git+ssh://git@github.com/x/b.git#1"}}',
    ['registry.npmjs.org', 'github.com'],
  ],
  ['who asks for money', '"funding": {\n  "url": "https://opencollective.com/a"\n},\n"homepage": "https://a.dev"', []],
  ['yarn 1', 'a@1:\n  resolved "https://registry.yarnpkg.com:8443/a#b"\n', ['registry.yarnpkg.com:8443']],
  ['yarn 4', 'resolution: "a@npm:1::__archiveUrl=https%3A%2F%2Fevil.example%2Fa%2Fa-1.tgz"', ['evil.example']],
  ['pnpm', 'resolution: {tarball: https://codeload.github.com/x/y/tar.gz/1}', ['codeload.github.com']],
  ['cargo', 'source = "registry+https://github.com/rust-lang/crates.io-index"', []],
  ['cargo, from git', 'source = "git+https://github.com/a/b?rev=1#1"', ['github.com']],
  ['uv', 'source = { registry = "https://PyPI.org/simple" }', ['pypi.org']],
  [
    'bundler',
    'GEM\n  remote: https://rubygems.org/\nGIT\n  remote: git@git.example:x/y.git',
    ['rubygems.org', 'git.example'],
  ],
  ['composer', '"dist": {\n "url": "https://api.github.com/repos/a/b/zipball/1"\n}', ['api.github.com']],
  ['pipenv', '"url": "https://pypi.org/simple"', ['pypi.org']],
  ['mix', '"a": {:git, "https://git.example/a.git", "1"}', ['git.example']],
  ['deno', '"remote": {\n  "https://deno.land/std/x.ts": "1"\n}', ['deno.land']],
  ['swift', '"location" : "https://github.com/a/b"', ['github.com']],
  ['whoever stands before a host', 'resolved "https://registry.npmjs.org@evil.example/a.tgz"', ['evil.example']],
  ['go', 'github.com/a/b v1.0.0 h1:x=', []],
])('reads those of %s', (_, text, hosts) => {
  expect([...lockHosts(text)]).toEqual(hosts);
});

it('is quick with texts that were made to be slow', () => {
  const texts = [
    ' '.repeat(200_000),
    'https://'.repeat(50_000),
    `resolved${' '.repeat(9)}`.repeat(20_000),
    'git@a.'.repeat(50_000),
  ];
  for (const text of texts) expect(lockHosts(text).size).toBeLessThan(50_001);
});
