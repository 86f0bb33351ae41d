import { expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { includesReview, isReviewed } from './coverage.ts';

const OURS = 'gitlab.example.com/platform/tools/check@1';

it.each([
  ['include:\n  - component: gitlab.example.com/platform/agentsmd/review@1\n', true],
  ['include:\n  component: $CI_SERVER_FQDN/agentsmd/review@~latest\n', true],
  ['include:\n  - component: $CI_SERVER_FQDN/Platform/Tools/Check@2.0.0\n    inputs: { model: none }\n', true],
  [
    'spec:\n  inputs: {}\n---\ninclude:\n  - local: a.yml\n  - component: other.example.com/platform/tools/check@main\n',
    true,
  ],
  ['x: &it { component: gitlab.example.com/platform/tools/check@1 }\ninclude: [*it]\n', true],
  ['include:\n  - component: gitlab.example.com/platform/tools/check-all@1\n', false],
  ['include:\n  - component: gitlab.example.com/platform/agentsmd/review-all@1\n', false],
  ['include:\n  - component: [gitlab.example.com/platform/agentsmd/review@1]\n', false],
  ['include: /templates/agentsmd/review.yml\n', false],
  ['include:\n  - project: platform/agentsmd\n    file: review.yml\n', false],
  ['test:\n  script: [echo component gitlab.example.com/platform/agentsmd/review@1]\n', false],
  ['include:\n', false],
  ['', false],
  [
    'a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\ninclude: [*c, *c, *c]\n',
    false,
  ],
  ['include: [\n', null],
])('reads of %j whether merge requests are reviewed', (text, expected) => {
  expect(includesReview(text, OURS)).toBe(expected);
});

it('knows no component where none is configured', () => {
  expect(includesReview('include:\n  - component: ""\n', '')).toBe(false);
  expect(includesReview('include:\n  - component: gitlab.example.com/a/agentsmd/review@1\n', '')).toBe(true);
});

it('tells a repository without a pipeline from one that cannot be read', async () => {
  expect(await isReviewed(memoryRepository({ 'README.md': '' }), OURS)).toBe(false);
  expect(await isReviewed(memoryRepository({ '.gitlab-ci.yml': { missing: true } }), OURS)).toBe(null);
  const text = 'include:\n  - component: gitlab.example.com/platform/agentsmd/review@1\n';
  expect(await isReviewed(memoryRepository({ '.gitlab-ci.yml': text }), OURS)).toBe(true);
});
