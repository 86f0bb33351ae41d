import { describe, expect, it } from 'vitest';
import { marker as block, note } from '../../forge/render/index.ts';
import { MARKER_NAME, type Marker, markerOf } from './marker.ts';

const MARKER: Marker = {
  v: 1,
  base: 'a'.repeat(40),
  facts: '0123456789abcdef',
  content: '0123456789abcdef',
  said: '0123456789abcdef',
  tip: 'b'.repeat(40),
  title: 'Add AGENTS.md',
  reviewers: { usernames: ['ada'], source: 'code-owners', file: 'CODEOWNERS', lines: [3] },
  numbers: [[1, 'AGENTS.md', 'command.test npm test -->']],
  edits: [{ path: 'AGENTS.md', key: 'command.test', text: 'Test: `make <x> --all -->`', note: '12' }],
};
const written = (data: unknown): string =>
  note({ instance: 'https://gitlab.example.com', hosts: [] }, [block(MARKER_NAME, data)]);

describe('the marker of a merge request', () => {
  it('comes back as it was written, also through GitLab’s line ends', async () => {
    expect(await markerOf({ description: `Hello\n\n${written(MARKER)}` })).toEqual(MARKER);
  });

  it('cannot be ended by what stands in it', () => {
    expect(written(MARKER).match(/-->/g)).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['no marker', 'Hello'],
    ['two of them', `${written(MARKER)}\n\n${written(MARKER)}`],
    ['another version', written({ ...MARKER, v: 2 })],
    ['a key more', written({ ...MARKER, run: 'rm -rf /' })],
    ['a key less', written({ ...MARKER, tip: undefined })],
    ['a revision that is none', written({ ...MARKER, base: 'main' })],
    ['a revision with an option', written({ ...MARKER, base: '--upload-pack=x' })],
    ['a reviewer that is none', written({ ...MARKER, reviewers: { usernames: ['@all /merge'], source: 'team' } })],
    ['a number below one', written({ ...MARKER, numbers: [[0, 'a', 'b']] })],
    ['an edit of several kilobytes', written({ ...MARKER, edits: [{ ...MARKER.edits[0], text: 'x'.repeat(5000) }] })],
    ['broken JSON', '<!-- agentsmd:mr {"v":1, -->'],
    ['a list', written([MARKER])],
    ['null', written(null)],
    ['one in a quote', `> ${written(MARKER)}`],
    ['one in a sentence', `See ${written(MARKER)} here`],
    ['another name', written(MARKER).replace('agentsmd:mr', 'agentsmd:mrx')],
  ])('is not taken: %s', async (_, description) => {
    expect(await markerOf({ description })).toBeNull();
  });
});
