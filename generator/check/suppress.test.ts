import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import fc from '../../test/fast-check.ts';
import { fixDocuments } from './fix.ts';
import { type CheckOptions, check } from './index.ts';
import { pieceOfLine } from './piece.ts';
import type { Rule, Severity } from './rule.ts';
import { badSuppression } from './rules/amd791-bad-suppression.ts';
import { unusedSuppression } from './rules/amd792-unused-suppression.ts';

/** Finds the word of its severity on every line that holds it. */
function finder(id: Rule['id'], word: string, severity: Severity): Rule {
  return {
    id,
    name: word,
    severity,
    title: word,
    why: word,
    source: word,
    *check(document) {
      for (let line = 1; line <= document.lines.count; line++)
        if (document.lines.line(line).startsWith(word))
          yield { at: pieceOfLine(document, line), severity, message: word };
    },
  };
}

const RULES = [
  finder('AMD301', 'long', 'warning'),
  finder('AMD304', 'tree', 'warning'),
  finder('AMD401', 'secret', 'error'),
  badSuppression,
  unusedSuppression,
];

async function told(text: string, options: CheckOptions = {}): Promise<readonly string[]> {
  const { findings } = await check(memoryRepository({ 'AGENTS.md': text }), { rules: RULES, ...options });
  return findings.map(({ line, rule, severity }) => `${line} ${rule} ${severity}`);
}

describe('agentsmd-disable', () => {
  it('suppresses the rules it names in the whole document, above it too', async () => {
    const text = 'long\n\ntree\n\n<!-- agentsmd-disable AMD301, AMD304: both on purpose -->\n\nlong\n';
    const { findings, suppressed } = await check(memoryRepository({ 'AGENTS.md': text }), { rules: RULES });
    expect(findings).toEqual([]);
    expect(suppressed.map(({ line, rule }) => `${line} ${rule}`)).toEqual(['1 AMD301', '3 AMD304', '7 AMD301']);
  });

  it('leaves other rules alone', async () => {
    expect(await told('<!-- agentsmd-disable AMD301: on purpose -->\n\nlong\n\ntree\n')).toEqual(['5 AMD304 warning']);
  });

  it('does not count without a reason, and says so', async () => {
    expect(await told('<!-- agentsmd-disable AMD301 -->\n\nlong\n')).toEqual(['1 AMD791 warning', '3 AMD301 warning']);
    expect(await told('<!-- agentsmd-disable AMD301: ... -->\n\nlong\n')).toEqual([
      '1 AMD791 warning',
      '3 AMD301 warning',
    ]);
  });

  it.each([
    ['<!-- agentsmd-disable AMD999: because -->', 'there is no rule AMD999'],
    ['<!-- agentsmd-disable amd304: because -->', 'did you mean AMD304?'],
    ['<!-- agentsmd-disable: because -->', 'names no rule'],
    ['<!-- agentsmd-enable AMD301: because -->', 'there is no agentsmd-enable'],
  ])('%s does not count: %s', async (comment, message) => {
    const { findings } = await check(memoryRepository({ 'AGENTS.md': `${comment}\n\nlong\n` }), { rules: RULES });
    expect(findings.map(({ rule }) => rule)).toEqual(['AMD791', 'AMD301']);
    expect(findings[0]!.message).toContain(message);
  });

  it('is reported, with its fix, where it suppresses nothing', async () => {
    const text = 'a\n\n<!-- agentsmd-disable AMD301: gone -->\n\nb\n';
    const { documents, findings } = await check(memoryRepository({ 'AGENTS.md': text }), { rules: RULES });
    expect(findings.map(({ line, rule, severity }) => `${line} ${rule} ${severity}`)).toEqual(['3 AMD792 warning']);
    expect(fixDocuments(documents, findings)[0]!.text).toBe('a\n\nb\n');
  });

  it('is not unused where its rule was not asked', async () => {
    expect(await told('<!-- agentsmd-disable AMD706: later -->\n')).toEqual([]);
    expect(await told('<!-- agentsmd-disable AMD301: later -->\n', { levels: { AMD301: 'off' } })).toEqual([]);
  });

  it('never suppresses an error of a safety rule', async () => {
    expect(await told('<!-- agentsmd-disable AMD401: a test key -->\n\nsecret\n')).toEqual([
      '1 AMD791 warning',
      '3 AMD401 error',
    ]);
  });

  it('does where the organisation has made it a warning', async () => {
    const text = '<!-- agentsmd-disable AMD401: a test key -->\n\nsecret\n';
    expect(await told(text, { levels: { AMD401: 'warning' } })).toEqual([]);
  });

  it('is no suppression where code shows it', async () => {
    const shown =
      '```html\n<!-- agentsmd-disable AMD301: shown -->\n```\n\n`<!-- agentsmd-disable AMD301: shown -->`\n';
    expect(await told(`${shown}\nlong\n`)).toEqual(['7 AMD301 warning']);
    const open = '```html\n<!-- not closed\n```\n\n<!-- agentsmd-disable AMD301: on purpose -->\n\nlong\n';
    expect(await told(open)).toEqual([]);
  });

  it('counts in a document that is too large to be parsed, too', async () => {
    const large = `long\n\n\`\`\`\n<!-- agentsmd-disable AMD304: shown -->\n\`\`\`\n\n${'word '.repeat(40_000)}\n\ntree\n`;
    expect(await told(large)).toHaveLength(2);
    expect(await told(`${large}\n<!-- agentsmd-disable AMD301: on purpose -->\n`)).toEqual(['9 AMD304 warning']);
  });
});

describe('agentsmd-disable-next-line', () => {
  it('suppresses on the next line that is not blank, and nowhere else', async () => {
    const comment = '<!-- agentsmd-disable-next-line AMD301: on purpose -->';
    expect(await told(`long\n\n${comment}\nlong\n\nlong\n`)).toEqual(['1 AMD301 warning', '6 AMD301 warning']);
    expect(await told(`${comment}\n\nlong\n\nlong\n`)).toEqual(['5 AMD301 warning']);
  });

  it('is unused where that line has nothing to suppress', async () => {
    expect(await told('<!-- agentsmd-disable-next-line AMD301: on purpose -->\na\n\nlong\n')).toEqual([
      '1 AMD792 warning',
      '4 AMD301 warning',
    ]);
  });
});

describe('levels', () => {
  const mixed: Rule = {
    ...finder('AMD301', 'long', 'error'),
    *check(document) {
      yield { at: pieceOfLine(document, 1), severity: 'error', message: 'sure' };
      yield { at: pieceOfLine(document, 2), severity: 'info', message: 'a guess' };
    },
  };
  it.each([
    ['error', ['1 AMD301 error', '2 AMD301 info']],
    ['warning', ['1 AMD301 warning', '2 AMD301 info']],
    ['info', ['1 AMD301 info', '2 AMD301 info']],
    ['off', []],
  ] as const)('%s gives what a rule is sure of that severity, and never raises its guesses', async (level, expected) => {
    expect(await told('a\nb\n', { rules: [mixed], levels: { AMD301: level } })).toEqual(expected);
  });

  it('may raise a warning', async () => {
    expect(await told('long\n', { levels: { AMD301: 'error' } })).toEqual(['1 AMD301 error']);
  });
});

describe('fixDocuments', () => {
  /** A rule whose fixes are given. */
  const fixing = (fixes: readonly { start: number; end: number; text: string }[]): Rule => ({
    ...finder('AMD301', 'x', 'warning'),
    *check(document) {
      for (const fix of fixes) yield { at: pieceOfLine(document, 1), severity: 'warning', message: 'm', fix };
    },
  });
  const fixed = async (text: string, fixes: Parameters<typeof fixing>[0]) => {
    const { documents, findings } = await check(memoryRepository({ 'AGENTS.md': text }), { rules: [fixing(fixes)] });
    return fixDocuments(documents, findings)[0];
  };

  it('replaces by offset, whatever the order of the findings', async () => {
    const fixes = [
      { start: 4, end: 5, text: 'E' },
      { start: 0, end: 1, text: '' },
    ];
    expect(await fixed('abcdef\r\n', fixes)).toMatchObject({ text: 'bcdEf\r\n', left: [] });
  });

  it('leaves a fix that touches an earlier one for the next run', async () => {
    const fixes = [
      { start: 0, end: 3, text: 'X' },
      { start: 2, end: 4, text: 'Y' },
      { start: 0, end: 3, text: 'X' },
    ];
    const result = await fixed('abcdef\n', fixes);
    expect({ text: result?.text, applied: result?.applied.length, left: result?.left.length }).toEqual({
      text: 'Xdef\n',
      applied: 2,
      left: 1,
    });
  });

  it('leaves alone what was not read faithfully', async () => {
    const reader = memoryRepository({ 'AGENTS.md': new Uint8Array([0x61, 0xff, 0x62, 0x0a]) });
    const { documents, findings } = await check(reader, { rules: [fixing([{ start: 0, end: 1, text: '' }])] });
    expect(findings).toHaveLength(1);
    expect(fixDocuments(documents, findings)).toEqual([]);
  });

  it('keeps every character that no applied fix names, in any set of fixes', async () => {
    const fix = fc
      .tuple(fc.nat(20), fc.nat(6))
      .map(([start, length]) => ({ start, end: Math.min(20, start + length), text: '#' }));
    await fc.assert(
      fc.asyncProperty(fc.array(fix, { maxLength: 6 }), async (fixes) => {
        const text = 'abcdefghijklmnopqrst\n'.slice(0, 20);
        const result = await fixed(text, fixes);
        const named = new Set(
          (result?.applied ?? []).flatMap(({ fix: each }) =>
            Array.from({ length: each!.end - each!.start }, (_, at) => each!.start + at),
          ),
        );
        const kept = [...text].filter((_, at) => !named.has(at)).join('');
        expect((result?.text ?? text).replaceAll('#', '')).toBe(kept);
        expect((result?.applied.length ?? 0) + (result?.left.length ?? 0)).toBe(result ? fixes.length : 0);
      }),
      { numRuns: 100 },
    );
  });
});
