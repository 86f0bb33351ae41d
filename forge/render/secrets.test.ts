import { describe, expect, it } from 'vitest';
import { holdsSecret, masked } from './secrets.ts';

/** Made up, and put together here so that nothing in this file has the form of a token. */
const R = (length: number): string => 'aB3dE6gH9jK2mN5pQ8rS'.repeat(60).slice(0, length);
const HEX = '0123456789abcdef'.repeat(8);

describe('masked', () => {
  it.each([
    ['glpat-', R(20)],
    ['glpat-', `${R(26)}.01.${R(9)}`],
    ['glrt-', `t1_${R(20)}`],
    ['gldt-', R(20)],
    ['glcbt-', `64_${R(20)}`],
    ['GR1348941', R(20)],
    ['ghp_', R(36)],
    ['ghs_', R(36)],
    ['github_pat_', R(82)],
    ['AKIA', 'Q7ZX4M2N5PLRSTUV'],
    ['xoxb-', `123456789012-${R(24)}`],
    ['xapp-', `1-A012-${R(24)}`],
    ['https://hooks.slack.com/', `services/T0123ABCD/B0123ABCD/${R(24)}`],
    ['AIza', R(35)],
    ['GOCSPX-', R(28)],
    ['ya29.', R(60)],
    ['eyJ', `${R(20)}.eyJ${R(30)}.${R(43)}`],
    ['sk_live_', R(24)],
    ['whsec_', R(32)],
    ['sk-', R(48)],
    ['sk-ant-', `api03-${R(93)}`],
    ['sk-proj-', R(60)],
    ['npm_', R(36)],
    ['pypi-', `AgEIcHlwaS5vcmc${R(60)}`],
    ['hf_', 'abcdefghijklmnopqrstuvwxyzABCDEFGH'],
    ['SG.', `${R(22)}.${R(43)}`],
    ['dop_v1_', HEX.slice(0, 64)],
    ['hvs.', R(40)],
    ['dckr_pat_', R(27)],
    ['AGE-SECRET-KEY-1', 'Q7ZX4M2N5PLRSTUV'.repeat(4).slice(0, 58)],
    ['123456789:AA', R(33)],
    ['AccountKey=', `${R(86)}==`],
    ['-----BEGIN RSA PRIVATE KEY-----', `\n${R(64)}\n${R(30)}\n-----END RSA PRIVATE KEY-----`],
    ['-----BEGIN PRIVATE KEY-----', `\n${R(64)}`],
    ['-----BEGIN PRIVATE KEY-----', `\\n${R(64)}\\n${R(64)}`],
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----', `\n\n${`${R(64)}\n`.repeat(200)}-----END PGP PRIVATE KEY BLOCK-----`],
    ['Authorization: Bearer ', R(30)],
    ['PRIVATE-TOKEN: ', R(14)],
    ['DEPLOY_TOKEN=', R(24)],
    ['db_password: "', R(24)],
  ])('keeps the beginning of %s…', (begins, rest) => {
    const said = masked(`see ${begins}${rest} there`);
    expect(said).not.toContain(rest.trim().slice(0, 12));
    expect(said).toMatch(/^see .*\[…\]/);
    expect(said).toContain(begins.slice(0, 4));
    expect(holdsSecret(`x ${begins}${rest}`)).toBe(true);
    expect(holdsSecret(said)).toBe(false);
  });

  it('takes whoever stands before a host out of an address', () => {
    expect(masked(`clone https://oauth2:${R(20)}@gitlab.example.com/g/p.git`)).toBe(
      'clone https://[…]@gitlab.example.com/g/p.git',
    );
    expect(masked('postgres://app:hunter2@db/app')).toBe('postgres://[…]@db/app');
  });

  it.each([
    'npm run test',
    'ssh://git@gitlab.example.com/g/p.git',
    'https://gitlab.example.com/g/p/-/blob/0123456789abcdef0123456789abcdef01234567/a.ts',
    'npx @scope/package@1.2.3',
    'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    'task-runner-for-a-very-long-name-of-a-package',
    'glob-to-regexp-and-more-words-here',
    'token: see the wiki',
    'password=$DATABASE_PASSWORD',
    'secrets.ts and api_key names',
    'GITLAB_TOKEN',
    'a file with -----BEGIN PRIVATE KEY----- in it',
    'risk-assessment-of-the-quarterly-report',
  ])('leaves %s alone', (text) => expect(masked(text)).toBe(text));

  it('is quick on long text', () => {
    const lines = ['-----BEGIN PRIVATE KEY-----', 'eyJ', 'https://', 'a:', 'token=', 'sk-', `${'x'.repeat(50)} `];
    for (const line of lines) masked(line.repeat(100_000 / line.length));
  });
});
