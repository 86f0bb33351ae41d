import { expect, it } from 'vitest';
import { projectOf } from './fleet-codex.ts';

const INSTANCES = [
  { url: 'https://gitlab.example.com' },
  { url: 'https://example.com:8443/git/' },
  { url: 'http://10.0.0.1:3000' },
];

it.each([
  ['https://gitlab.example.com/platform/codex.git', 'https://gitlab.example.com', 'platform/codex'],
  ['https://ci:secret@gitlab.example.com/platform/sub/codex', 'https://gitlab.example.com', 'platform/sub/codex'],
  ['git@gitlab.example.com:platform/codex.git', 'https://gitlab.example.com', 'platform/codex'],
  ['ssh://git@gitlab.example.com:2222/platform/codex.git', 'https://gitlab.example.com', 'platform/codex'],
  ['https://example.com:8443/git/platform/codex.git', 'https://example.com:8443/git', 'platform/codex'],
  ['https://10.0.0.1:3000/platform/codex.git', 'http://10.0.0.1:3000', 'platform/codex'],
])('%s is a project of %s', (from, instance, path) => {
  expect(projectOf(from, INSTANCES)).toEqual({ instance, path });
});

it.each([
  'https://elsewhere.example.com/platform/codex.git',
  'https://gitlab.example.com.evil.test/platform/codex.git',
  'https://example.com:8443/other/platform/codex.git',
  'https://gitlab.example.com:8443/platform/codex.git',
  'git@elsewhere.example.com:platform/codex.git',
  'https://gitlab.example.com/',
  'file:///srv/codex.git',
  'ext::sh -c x',
  'https://%',
])('%s is none', (from) => {
  expect(projectOf(from, INSTANCES)).toBeUndefined();
});
