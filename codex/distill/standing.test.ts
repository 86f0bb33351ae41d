import { describe, expect, it } from 'vitest';
import { sameTurns, standing } from './standing.ts';

describe('a quote', () => {
  const TEXT =
    'Intro.\n\nClients must answer \u201cerrors\u201d \u2014 all\nof them \u2013 by the server\u2019s code. Use A-B.';

  it.each([
    ['as it stands', 'Clients must answer \u201cerrors\u201d \u2014 all\nof them'],
    ['wrapped otherwise', 'must answer \u201cerrors\u201d\n\u2014 all of them'],
    ['with the marks of a keyboard', 'Clients must answer "errors" - all of them - by the server\'s code.'],
  ])('stands there %s, and is given as it stands', (_, quote) => {
    expect(TEXT).toContain(standing(quote, TEXT)!);
    expect(standing(quote, TEXT)).toContain('\u201cerrors\u201d');
  });

  it.each([
    ['another word', 'Clients must answer "errors" - some of them'],
    ['a word left out', 'Clients answer "errors" - all of them'],
    ['another case', 'clients must answer "errors"'],
    ['a mark of another kind', "Clients must answer 'errors'"],
    ['any sign for a dot', "by the server's code, Use A-B."],
    ['one word', 'Clientsmustanswer'],
    ['too little', 'Use A-B.'],
  ])('does not with %s', (_, quote) => {
    expect(standing(quote, TEXT)).toBeUndefined();
  });

  it('is a sentence or two, and no chapter', () => {
    const long = 'word '.repeat(401).trim();
    expect(standing(long, long)).toBeUndefined();
    expect(standing(long.slice(0, 1999), long)).toBeDefined();
  });
});

describe('two sentences', () => {
  it.each([
    ['Retry requests.', 'You should retry all requests.', false],
    ['Never retry.', 'Retry.', false],
    ["Don't retry at most 3 times.", 'Don\u2019t retry at most 3 times', true],
    ['Wait 3 seconds.', 'Wait 4 seconds.', false],
    ['Retry requests with a delay.', 'With a delay, requests retry.', true],
  ])('%s / %s: oblige alike in their little words: %s', (a, b, same) => {
    expect(sameTurns(a, b)).toBe(same);
  });
});
