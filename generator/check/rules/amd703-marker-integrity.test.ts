import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { markerIntegrity } from './amd703-marker-integrity.ts';

describe('AMD703 marker-integrity', () => {
  it.each([
    ['a beginning without an end', '<!-- BEGIN:tool rules -->\n\ntext\n', '1:1 warning <!-- BEGIN:tool rules -->'],
    ['an end without a beginning', 'text\n\n<!-- tool rules end -->\n', '3:1 warning <!-- tool rules end -->'],
    [
      'an order turned around',
      '<!-- x:end -->\n\n<!-- x:start -->\n',
      '1:1 warning <!-- x:end -->,3:1 warning <!-- x:start -->',
    ],
    [
      'a block that is there twice',
      '<!-- x:start -->\na\n<!-- x:end -->\n\n<!-- x:start -->\nb\n<!-- x:end -->\n',
      '5:1 warning <!-- x:start -->',
    ],
  ])('fires on %s', async (_, text, expected) => {
    expect((await told(markerIntegrity, text)).join()).toBe(expected);
  });

  it.each([
    ['a pair', '<!-- nx configuration start-->\n\ntext\n\n<!-- nx configuration end-->\n'],
    ['two blocks', '<!-- A:START -->\n<!-- A:END -->\n\n<!-- B:START -->\n<!-- B:END -->\n'],
    ['one within the other', '<!-- A:START -->\n\n<!-- B:START -->\n\n<!-- B:END -->\n\n<!-- A:END -->\n'],
    ['a version at one of the two', '<!-- BEGIN GENERATED 1.2 -->\n\n<!-- END GENERATED -->\n'],
    ['a beginning that does not say so', '<!-- tool-instructions-v1 -->\n\n<!-- end-tool-instructions -->\n'],
    [
      'what may be repeated',
      '<!-- prettier-ignore-start -->\n<!-- prettier-ignore-end -->\n<!-- prettier-ignore-start -->\n<!-- prettier-ignore-end -->\n',
    ],
    ['prose in a comment', '<!-- Start with the README, then look at the code of the service and its tests -->\n'],
    ['a comment without a name', '<!-- start -->\n\n<!-- todo: write more -->\n'],
    ['an example in code', '```html\n<!-- x:start -->\n```\n'],
  ])('is silent on %s', async (_, text) => {
    expect(await told(markerIntegrity, text)).toEqual([]);
  });
});
