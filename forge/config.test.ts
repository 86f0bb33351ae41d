import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { GITLAB_DEFAULTS, gitlabConfigSchema } from './config.ts';
import { instancesFrom } from './instances.ts';

const schema = gitlabConfigSchema(z);

function problems(value: unknown): string[] {
  const checked = schema.safeParse(value, { reportInput: true });
  return checked.success
    ? []
    : checked.error.issues.map(
        (issue) => `${issue.path.join('.')}: ${issue.message} ${JSON.stringify(issue.input) ?? ''}`,
      );
}

describe('gitlab: in the configuration', () => {
  it('has defaults', () => {
    expect(schema.parse(undefined)).toEqual(GITLAB_DEFAULTS);
  });

  it('takes instances with tokens, certificates, proxy and pace', () => {
    const instance = {
      url: 'https://gitlab.example.com/gitlab',
      token: { env: 'GITLAB_TOKEN' },
      groups: { 'a/b': { file: '/run/secrets/ab' }, c: { command: ['pass', 'show', 'gitlab'] } },
      ca: '/etc/ssl/company.pem',
      proxy: 'http://proxy.example.com:3128',
      concurrency: 2,
      requestsPerMinute: 100,
      timeout: 5,
    };
    expect(schema.parse({ instances: [instance], concurrency: 4 })).toEqual({
      ...GITLAB_DEFAULTS,
      instances: [instance],
      concurrency: 4,
    });
  });

  it('writes addresses in one way', () => {
    const urls = ['https://gitlab.example.com/', 'https://GITLAB.example.org:443/sub//'].map((url) => ({ url }));
    expect(schema.parse({ instances: urls }).instances.map(({ url }) => url)).toEqual([
      'https://gitlab.example.com',
      'https://gitlab.example.org/sub',
    ]);
  });

  it.each([
    ['gitlab.example.com', /an address begins with https:/],
    ['ssh://git@gitlab.example.com', /an address begins with https:/],
    ['https://', /not an address/],
    ['https://gitlab.example.com/api/v4', /without \/api\/v4 at its end/],
    ['https://gitlab.example.com/sub/api/v4/', /without \/api\/v4 at its end/],
    ['https://me:secret@gitlab.example.com', /no name or password in the address/],
    ['https://secret@gitlab.example.com', /no name or password in the address/],
    ['https://gitlab.example.com?private_token=secret', /without \? and #/],
  ])('refuses the address %s', (url, message) => {
    const [problem, ...more] = problems({ instances: [{ url }] });
    expect(problem).toMatch(message);
    expect(problem).toMatch(/^instances\.0\.url: /);
    expect(problem).not.toContain('secret');
    expect(more).toEqual([]);
  });

  it('refuses the same instance twice', () => {
    expect(problems({ instances: [{ url: 'https://a.example.com' }, { url: 'https://A.example.com/' }] })).toEqual([
      'instances.1.url: an instance that is there already "https://a.example.com"',
    ]);
  });

  it.each([
    'glpat-secret',
    { env: 'glpat-secret' },
    { value: 'glpat-secret' },
    { env: 'A', file: 'glpat-secret' },
    { command: 'glpat-secret' },
    { command: [] },
    null,
  ])('repeats no token that is written where its place should be: %j', (token) => {
    for (const instance of [{ token }, { groups: { a: token } }]) {
      const [problem, ...more] = problems({ instances: [{ url: 'https://a.example.com', ...instance }] });
      expect(problem).toMatch(/\{ env: NAME \}, \{ file: PATH \} or \{ command: \[PROGRAM, ARGUMENT\] \}/);
      expect(problem).not.toContain('secret');
      expect(more).toEqual([]);
    }
  });

  it('repeats no password of a proxy', () => {
    expect(problems({ instances: [{ url: 'https://a.example.com', proxy: 'socks://me:secret@x' }] })).toEqual([
      'instances.0.proxy: expected http://HOST:PORT or none ',
    ]);
    expect(problems({ instances: [{ url: 'https://a.example.com', proxy: 'none' }] })).toEqual([]);
  });

  it('can be published as JSON schema', () => {
    const json = z.toJSONSchema(schema, { io: 'input' });
    expect(JSON.stringify(json)).toContain('"env":{"type":"string"}');
  });
});

describe('instancesFrom', () => {
  const common = { concurrency: 8, requestsPerMinute: 1200, timeout: 60 };

  it('takes the configured ones, completed with what holds for all', () => {
    const config = { ...GITLAB_DEFAULTS, timeout: 5, instances: [{ url: 'https://a.example.com', concurrency: 1 }] };
    const env = { GITLAB_URL: 'https://b.example.com', GITLAB_TOKEN: 'x' };
    expect(instancesFrom(config, env)).toEqual([
      { ...common, url: 'https://a.example.com', concurrency: 1, timeout: 5 },
    ]);
  });

  const server = 'https://ci.example.com';
  it.each([
    [{}, []],
    [{ GITLAB_TOKEN: 'x' }, []],
    [{ GITLAB_URL: 'https://a.example.com/' }, [{ url: 'https://a.example.com' }]],
    [
      { GITLAB_URL: 'https://a.example.com', CI_SERVER_URL: server, GITLAB_TOKEN: 'x', GITLAB_PRIVATE_TOKEN: 'y' },
      [{ url: 'https://a.example.com', token: { env: 'GITLAB_TOKEN' } }],
    ],
    [
      { CI_SERVER_URL: server, GITLAB_PRIVATE_TOKEN: 'y', CI_JOB_TOKEN: 'j' },
      [{ url: server, token: { env: 'GITLAB_PRIVATE_TOKEN' } }],
    ],
    [{ CI_SERVER_URL: server, CI_JOB_TOKEN: 'j', GITLAB_TOKEN: '' }, [{ url: server, token: { env: 'CI_JOB_TOKEN' } }]],
    // Another instance has no business with this one's job token.
    [
      { GITLAB_URL: 'https://a.example.com', CI_SERVER_URL: server, CI_JOB_TOKEN: 'j' },
      [{ url: 'https://a.example.com' }],
    ],
  ])('looks into the environment where none is configured: %j', (env, expected) => {
    expect(instancesFrom(GITLAB_DEFAULTS, env)).toEqual(expected.map((instance) => ({ ...common, ...instance })));
  });

  it('names the variable that is wrong', () => {
    expect(() => instancesFrom(GITLAB_DEFAULTS, { GITLAB_URL: 'https://me:secret@a.example.com' })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^GITLAB_URL: no name or password in the address/),
        exitCode: 2,
      }),
    );
  });
});
