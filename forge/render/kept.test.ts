import { describe, expect, it } from 'vitest';
import { between } from './kept.ts';
import type { SafeText } from './safe-text.ts';

const OURS = '<!-- agentsmd:begin 1 -->\n\nNew.\n\n<!-- agentsmd:mr {"v":2} -->' as SafeText;
const OLD = '<!-- agentsmd:begin 1 -->\n\nOld.\n\n<!-- agentsmd:mr {"v":1} -->';
const kept = (known: string): string => between(OURS, known, 'begin', 'mr');

describe('a text of ours between what people wrote', () => {
  it.each([
    ['nothing', '', OURS],
    ['ours alone', OLD, OURS],
    ['before and behind', `Before.\n\n${OLD}\n\nBehind.\n`, `Before.\n\n${OURS}\n\nBehind.`],
    ['from a browser', `Before.\r\n\r\n${OLD.replaceAll('\n', '\r\n')}\r\nBehind.`, `Before.\n\n${OURS}\n\nBehind.`],
    ['all of it theirs', 'I explain it better.', `I explain it better.\n\n${OURS}`],
    ['without our begin', 'Old.\n\n<!-- agentsmd:mr 1 -->\n\nBehind.', `${OURS}\n\nBehind.`],
    ['without our end', 'Before.\n\n<!-- agentsmd:begin 1 -->\n\nOld.', `Before.\n\n${OURS}`],
    ['our end above our begin', `<!-- agentsmd:mr 1 -->\n\n<!-- agentsmd:begin 1 -->\n\nOld.`, OURS],
  ])('%s', (_, known, text) => {
    expect(kept(known)).toBe(text);
    expect(kept(text)).toBe(text);
  });

  it('does nothing for them in our name', () => {
    expect(kept('/merge\n > /approve\n- /label ~x\nsee a/b and //c')).toBe(
      `\\/merge\n > \\/approve\n- \\/label ~x\nsee a/b and //c\n\n${OURS}`,
    );
  });

  it('leaves no second marker', () => {
    const text = kept(`<!-- agentsmd:mr {"v":9} -->\n\n${OLD}\n\n <!-- agentsmd:mr {} -->`);
    expect(text).toBe(OURS);
  });
});
