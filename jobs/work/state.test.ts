import { expect, it } from 'vitest';
import { storable, storableJson } from './state.ts';

it('makes of any text what PostgreSQL takes, as text and within JSON', () => {
  expect(storable('a\0b\uD800c\u{1F600}')).toBe('a\uFFFDb\uFFFDc\u{1F600}');
  expect(storableJson({ list: ['\0', { text: '\uDC00' }], count: 1, nothing: null })).toBe(
    '{"list":["\uFFFD",{"text":"\uFFFD"}],"count":1,"nothing":null}',
  );
});
