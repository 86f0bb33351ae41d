import { ForgeError } from '../../../forge/errors.ts';
import { readMergeRequestFile, writeMergeRequestFile } from '../../../forge/folder/merge-request-file.ts';
import { FrontMatterError, hasFrontMatter, readFrontMatter } from '../../../forge/front-matter.ts';
import { hunkAt } from '../../../forge/git/diff-texts.ts';
import { RepositoryError } from '../../../forge/git/errors.ts';
import { parseDiff } from '../../../forge/git/parse-diff.ts';
import { markersIn } from '../../../forge/render/index.ts';
import { masked } from '../../../forge/render/secrets.ts';
import { hiddenIn, visible } from '../../../forge/render/visible.ts';
import { filesIn } from '../seeds.ts';
import { type Target, texts } from '../target.ts';

const HUNKS = ['@@ -1,3 +1,4 @@ fn\n a\n-b\n+c\n+d\n e\n', '@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n'];
const PATCH = `diff --git a/0 b/0\nindex 1..2 100644\n--- a/0\n+++ b/0\n${HUNKS.join('')}`;
const ID = '0123456789abcdef0123456789abcdef01234567';
const RAW = `:100644 100644 ${ID} ${ID} M\0a.ts\0:100644 100644 ${ID} ${ID} R099\0b.ts\0c.ts\0\0${PATCH}diff --git a/b.ts b/c.ts\nBinary files a/b.ts and b/c.ts differ\n`;
const MARKED =
  'Text.\n\n<!-- agentsmd:finding {"fingerprint":"a","severity":"warning","agent":"b"} -->\n<!-- agentsmd:summary {} -->';

const MERGE_REQUEST = writeMergeRequestFile({
  ...{
    title: 'A',
    source: 'a',
    target: 'main',
    state: 'opened',
    draft: false,
    labels: ['a'],
    assignees: [],
    reviewers: [],
  },
  ...{ author: 'bot', head: ID, files: { 'AGENTS.md': ID }, updated: '2026-11-22T10:00:00Z', description: MARKED },
});

export const forgeTargets = (): readonly Target[] => [
  {
    name: 'forge: front matter',
    seeds: [
      ...filesIn('reviewer', /\.md$/),
      ...filesIn('codex/starter', /\.md$/),
      ...filesIn('codex/lint/fixtures', /\.md$/),
    ],
    declared: [FrontMatterError],
    read: (text) => {
      hasFrontMatter(text);
      const { data, lineOf } = readFrontMatter(text);
      for (const key of Object.keys(data)) lineOf([key, 0]);
    },
  },
  {
    name: 'forge: file of a merge request',
    seeds: texts(MERGE_REQUEST),
    words: ['title: ', 'state: merged\n', 'files:\n  a: null\n'],
    declared: [ForgeError],
    read: (text) => writeMergeRequestFile(readMergeRequestFile(text, 'a.md')),
  },
  {
    name: 'forge: hunks',
    seeds: texts(...HUNKS, PATCH),
    declared: [RepositoryError],
    read: (text) => {
      const lines = text.split('\n');
      for (let at = 0; at < lines.length; ) at = hunkAt(lines, at)?.end ?? at + 1;
    },
  },
  {
    name: 'forge: diffs',
    seeds: texts(RAW, RAW.replace(' M\0', ' T\0')),
    words: [':100644 160000 ', ' R\0', ' T\0', ':\0', 'Binary files a and b differ\n'],
    declared: [RepositoryError],
    read: (text) => parseDiff(Buffer.from(text, 'latin1')),
  },
  {
    name: 'forge: markers, secrets and hidden characters in notes',
    seeds: [...texts(MARKED), ...filesIn('reviewer', /\.md$/)],
    words: ['<!-- agentsmd:a {} -->\n', 'glpat-', 'ghp_', 'AKIA', 'password: ', '-----BEGIN RSA PRIVATE KEY-----\n'],
    read: (text) => [markersIn(text), masked(text), hiddenIn(text), visible(text)],
  },
];
