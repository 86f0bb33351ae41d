import { describe, expect, it } from 'vitest';
import { isRemoteAddress, remoteAddress, withoutSecrets } from './remote-address.ts';

describe('isRemoteAddress', () => {
  it.each([
    ['https://host/group/name.git', true],
    ['ssh://git@host/name', true],
    ['file:///srv/name.git', true],
    ['git@host:group/name.git', true],
    ['ext::sh -c touch', true],
    ['./codex', false],
    ['/srv/codex', false],
    ['codex', false],
    ['C:\\codex', false],
    ['group/name@2', false],
  ])('%s: %s', (text, expected) => {
    expect(isRemoteAddress(text)).toBe(expected);
  });
});

describe('remoteAddress', () => {
  it.each([
    'https://host/a',
    'ssh://git@host/a',
    'git://host/a',
    'file:///a',
    'git@host:a/b.git',
    'HTTPS://host/a',
  ])('takes %s', (text) => {
    expect(remoteAddress(text).url).toBe(text);
  });

  it.each([
    'http://host/a',
    'ftp://host/a',
    'ext::sh -c id',
    'ext://x',
    'https://',
    'fd::7',
    'https://host/a b',
    '--upload-pack=x',
    '',
  ])('refuses %j', (text) => {
    expect(() => remoteAddress(text)).toThrow(/no address to fetch from; give one with https:\/\//);
  });

  it('shows no password, even of an address that it refuses', () => {
    expect(remoteAddress('https://bot:glpat-123@host/a?private_token=456').shown).toBe('https://host/a');
    expect(() => remoteAddress('http://bot:glpat-123@host/a')).toThrow(/^http:\/\/host\/a: /);
  });
});

describe('withoutSecrets', () => {
  it.each([
    [
      "fatal: unable to access 'https://u:p@host/x.git/': no host",
      "fatal: unable to access 'https://host/x.git/': no host",
    ],
    ['https://token@host/x https://u:p@q@host/y', 'https://host/x https://host/y'],
    ['https://u:p/q@host/y', 'https://host/y'],
    ['https://host:8443/@scope/x', 'https://host:8443/@scope/x'],
    ['https://host/x?token=1#f and more', 'https://host/x and more'],
    ['no address: a@b', 'no address: a@b'],
  ])('%s', (text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
  });
});
