import { describe, expect, it } from 'vitest';
import type { DependencyCheck } from './check.ts';
import { asked, scanned } from './testing/ask.ts';

const ban = (packages: DependencyCheck['packages'], more: Partial<DependencyCheck> = {}): DependencyCheck => ({
  kind: 'dependency-ban',
  packages,
  ...more,
});
const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

describe('dependency-ban', () => {
  it('names the package at its line, and what to use instead', async () => {
    const files = { 'package.json': json({ name: 'a', dependencies: { express: '^5.0.0', request: '^2.88.0' } }) };
    expect(await asked(ban({ npm: ['request'] }, { instead: 'fetch' }), files)).toEqual([
      'package.json:5:5 depends on request (npm); instead: fetch',
    ]);
    expect(await asked(ban({ npm: ['reques'] }), files)).toEqual([]);
    expect(await asked(ban({ pypi: ['request'] }), files)).toEqual([]);
  });

  it('means what stands on the line, without the white space around it', async () => {
    const files = { 'requirements.txt': 'flask==3.0.0\n  request==1.0  \n' };
    const { findings } = await scanned(ban({ pypi: ['request'] }), files);
    expect(findings).toMatchObject([{ line: 2, column: 3, endLine: 2, endColumn: 15, subject: 'request' }]);
  });

  it('reads manifests of every package, not those of fixtures and vendored code', async () => {
    const manifest = json({ dependencies: { request: '^2.88.0' } });
    const files = {
      'packages/a/package.json': manifest,
      'packages/a/fixtures/old/package.json': manifest,
      'vendor/b/package.json': manifest,
      'examples/c/package.json': manifest,
    };
    expect(await asked(ban({ npm: ['request'] }), files, { appliesTo: { notPaths: ['examples/**'] } })).toEqual([
      'packages/a/package.json:3:5 depends on request (npm)',
    ]);
  });

  it('takes a trailing * for any ending', async () => {
    const files = { 'package.json': json({ dependencies: { '@old/a': '1.0.0', '@older/b': '1.0.0', old: '1.0.0' } }) };
    expect(await asked(ban({ npm: ['@old/*'] }), files)).toEqual(['package.json:3:5 depends on @old/a (npm)']);
  });

  it('compares names as their registry does', async () => {
    const files = {
      'pyproject.toml':
        '[project]\nname = "a"\ndependencies = [\n  "Python_Jose[cryptography]>=3",\n  "ruamel.yaml",\n]\n',
      'Cargo.toml': '[package]\nname = "a"\n\n[dependencies]\nerror_chain = "0.12"\n',
      'pom.xml':
        '<project>\n<dependencies>\n<dependency>\n<groupId>log4j</groupId>\n<artifactId>log4j</artifactId>\n<version>1.2.17</version>\n</dependency>\n</dependencies>\n</project>\n',
    };
    const packages = {
      pypi: ['python-jose', 'ruamel-*'],
      cargo: ['error-chain'],
      maven: ['log4j:log4j', 'LOG4J:*'],
      npm: ['python-jose'],
    };
    expect(await asked(ban(packages), files)).toEqual([
      'Cargo.toml:5:1 depends on error_chain (cargo)',
      'pom.xml:5:1 depends on log4j:log4j (maven)',
      'pyproject.toml:4:3 depends on Python_Jose (pypi)',
      'pyproject.toml:5:3 depends on ruamel.yaml (pypi)',
    ]);
  });

  it('sees through an alias of npm', async () => {
    const files = {
      'package.json': json({ dependencies: { http: 'npm:request@^2.0.0', request: 'npm:@cypress/request@^3.0.0' } }),
    };
    expect(await asked(ban({ npm: ['request'] }), files)).toEqual(['package.json:3:5 depends on request (npm)']);
    expect(await asked(ban({ npm: ['request'] }, { below: '2.5.0' }), files)).toEqual([]);
    expect(await asked(ban({ npm: ['request'] }, { below: '3.0.0' }), files)).toHaveLength(1);
  });

  it('leaves out what nobody wrote: indirect modules, what only a lock file names', async () => {
    const files = {
      'go.mod':
        'module example.org/a\n\ngo 1.24\n\nrequire (\n\tgithub.com/pkg/errors v0.9.1 // indirect\n\tgithub.com/dgrijalva/jwt-go v3.2.0+incompatible\n)\n',
      'package.json': json({ name: 'a', dependencies: {} }),
      'package-lock.json': json({
        lockfileVersion: 3,
        packages: { '': {}, 'node_modules/request': { version: '2.88.0' } },
      }),
    };
    const packages = { go: ['github.com/pkg/errors', 'github.com/dgrijalva/jwt-go'], npm: ['request'] };
    expect(await asked(ban(packages), files)).toEqual(['go.mod:7:2 depends on github.com/dgrijalva/jwt-go (go)']);
  });

  it('leaves out development dependencies where told', async () => {
    const files = { 'package.json': json({ devDependencies: { request: '1.0.0' } }) };
    expect(await asked(ban({ npm: ['request'] }), files)).toHaveLength(1);
    expect(await asked(ban({ npm: ['request'] }, { dev: true }), files)).toHaveLength(1);
    expect(await asked(ban({ npm: ['request'] }, { dev: false }), files)).toEqual([]);
  });

  describe('below', () => {
    it.each([
      ['^8.5.1', true],
      ['~9.0.1', false],
      ['>=8.0.0', false],
      ['*', false],
      ['8.x || 9.x', false],
      ['latest', false],
      ['github:auth0/node-jsonwebtoken#v8.5.1', false],
    ])('a range of npm, %s: %s', async (range, hit) => {
      const files = { 'package.json': json({ dependencies: { jsonwebtoken: range } }) };
      const hits = await asked(ban({ npm: ['jsonwebtoken'] }, { below: '9.0.0' }), files);
      expect(hits).toEqual(hit ? [`package.json:3:5 depends on jsonwebtoken ${range} (npm), below 9.0.0`] : []);
    });

    it('believes the lock file before the range', async () => {
      const files = (version: string): Record<string, string> => ({
        'package.json': json({ dependencies: { jsonwebtoken: '>=8.0.0' } }),
        'package-lock.json': json({ lockfileVersion: 3, packages: { 'node_modules/jsonwebtoken': { version } } }),
      });
      const check = ban({ npm: ['jsonwebtoken'] }, { below: '9.0.0', instead: '9.0.0 or jose' });
      expect(await asked(check, files('8.5.1'))).toEqual([
        'package.json:3:5 depends on jsonwebtoken >=8.0.0 (locked: 8.5.1) (npm), below 9.0.0; instead: 9.0.0 or jose',
      ]);
      expect(await asked(check, files('9.0.2'))).toEqual([]);
    });

    it('takes the version of go.mod and of a .NET project for the one that is used', async () => {
      const files = {
        'go.mod': 'module example.org/a\n\nrequire example.org/b v1.4.0\nrequire example.org/c v1.6.0\n',
        'a.csproj':
          '<Project>\n<ItemGroup>\n<PackageReference Include="Old.Json" Version="1.2.0" />\n<PackageReference Include="New.Json" Version="1.*" />\n</ItemGroup>\n</Project>\n',
      };
      const packages = { go: ['example.org/*'], nuget: ['old.json', 'new.json'] };
      expect(await asked(ban(packages, { below: '1.5.0' }), files)).toEqual([
        'a.csproj:3:1 depends on Old.Json 1.2.0 (nuget), below 1.5.0',
        'go.mod:3:1 depends on example.org/b v1.4.0 (go), below 1.5.0',
      ]);
    });
  });

  it('refuses what could never match', async () => {
    expect(await asked(ban({ crates: ['a'] }), {})).toEqual([
      expect.stringMatching(/^not checked: packages\.crates: no such registry; known: .*cargo/),
    ]);
    expect(await asked(ban({ npm: ['@*/a'] }), {})).toEqual([
      'not checked: packages.npm: @*/a: * stands only at the end',
    ]);
    expect(await asked(ban({ npm: ['a'] }, { below: 'two' }), {})).toEqual([
      'not checked: below: "two" is no version; write one such as 2.0.0',
    ]);
  });
});

describe('dependency-require', () => {
  const wants: DependencyCheck = {
    kind: 'dependency-require',
    packages: { npm: ['pino', 'winston'], pypi: ['structlog'] },
  };

  it('asks where the registry is used, at the shallowest manifest', async () => {
    const files = {
      'apps/web/package.json': json({ dependencies: { express: '^5.0.0' } }),
      'package.json': json({ devDependencies: { typescript: '^6.0.0' } }),
      'fixtures/package.json': json({ dependencies: { pino: '1.0.0' } }),
    };
    expect(await asked(wants, files)).toEqual(['package.json:1:1 does not depend on any of pino, winston (npm)']);
  });

  it('one of the packages in any manifest is enough', async () => {
    const files = {
      'apps/web/package.json': json({ dependencies: { winston: '^3.0.0' } }),
      'package.json': json({ devDependencies: { typescript: '^6.0.0' } }),
      'requirements.txt': 'flask==3.0.0\n',
    };
    expect(await asked(wants, files)).toEqual(['requirements.txt:1:1 does not depend on structlog (pypi)']);
  });

  it('has nothing to say where no manifest declares anything', async () => {
    expect(await asked(wants, { 'main.go': 'package main\n' })).toEqual([]);
  });

  it('does not take a development dependency for one where told', async () => {
    const files = { 'package.json': json({ dependencies: { express: '1' }, devDependencies: { pino: '^9.0.0' } }) };
    expect(await asked(wants, files)).toEqual([]);
    expect(await asked({ ...wants, dev: false }, files)).toHaveLength(1);
  });
});
