import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { urlCredentials } from './amd404-internal-url-with-token.ts';

const PASSWORD = 'k3J9xQ2mZ7vB';
const TOKEN = 'k3J9xQ2mZ7vB4nL8wR1t';

describe('AMD404 internal-url-with-token', () => {
  it.each([
    `https://deploy:${PASSWORD}@git.corp.dev/app.git`,
    `git clone https://oauth2:${TOKEN}@gitlab.corp.dev/app.git`,
    `https://:${PASSWORD}@pypi.corp.dev/simple`,
    `postgres://app:${PASSWORD}@db1.corp.dev:5432/app`,
    `https://gitlab.corp.dev/api/v4/projects?private_token=${TOKEN}`,
    `https://files.corp.dev/x?id=1&access_token=${TOKEN}`,
  ])('finds a %s', async (url) => {
    expect(await found(urlCredentials, `See \`${url}\`.\n`)).toMatchObject([{ severity: 'error', line: 1 }]);
  });

  it('repeats the beginning of the address only', async () => {
    const said = JSON.stringify(await found(urlCredentials, `https://deploy:${PASSWORD}@git.corp.dev\n`));
    expect(said).not.toContain(PASSWORD.slice(0, 4));
    expect(await told(urlCredentials, `https://deploy:${PASSWORD}@git.corp.dev\n`)).toEqual(['1:1 error https:']);
  });

  it.each([
    'https://user:password@git.corp.dev/app.git',
    'https://user:pass@host/path',
    'https://<user>:<token>@git.corp.dev',
    'https://oauth2:${CI_TOKEN}@git.corp.dev',
    'https://x-access-token:$GITHUB_TOKEN@github.com/a/b',
    'https://gitlab-ci-token:CI_JOB_TOKEN@git.corp.dev',
    'postgres://postgres:postgres@localhost:5432/app',
    'postgresql://app:app123456@db:5432/app',
    `redis://:${PASSWORD}@127.0.0.1:6379`,
    `https://deploy:${PASSWORD}@example.com`,
    'mongodb://root:example@mongo:27017',
    'git@github.com:a/b.git',
    'https://github.com/a/b:c@d',
    'ssh://git@git.corp.dev:22/app.git',
    'https://gitlab.corp.dev/api?private_token=<your-token>',
    'https://gitlab.corp.dev/api?private_token=$TOKEN',
    'https://codecov.io/gh/a/b/graph/badge.svg?token=W6S3ODTULZ',
    'https://corp.dev/callback?token=abcdefgh',
  ])('is silent about %s', async (url) => {
    expect(await told(urlCredentials, `See ${url} for it.\n`)).toEqual([]);
  });
});
