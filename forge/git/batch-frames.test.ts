import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { type BatchCommand, BatchFrames, type Frame } from './batch-frames.ts';

describe('BatchFrames', () => {
  it('cuts answers out of any chunks, whatever bytes the contents hold', () => {
    const answer = fc.oneof(
      fc.record({ command: fc.constant<BatchCommand>('info'), size: fc.nat() }),
      fc.record({ command: fc.constant<BatchCommand>('contents'), bytes: fc.uint8Array({ maxLength: 40 }) }),
      fc.record({ command: fc.constantFrom<BatchCommand>('info', 'contents'), missing: fc.constant('missing') }),
    );
    fc.assert(
      fc.property(fc.array(answer), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (answers, sizes) => {
        const frames = answers.map((one): Frame => {
          if ('missing' in one) return { missing: one.missing };
          if ('size' in one) return { type: 'blob', size: one.size, bytes: null };
          return { type: 'blob', size: one.bytes.length, bytes: Buffer.from(one.bytes) };
        });
        const commands = answers.map((one) => one.command);
        expect(cut(Buffer.concat(frames.map(written)), sizes, commands)).toEqual(frames);
      }),
      { numRuns: 500 },
    );
  });

  it('takes content that looks like answers for content', () => {
    const bytes = Buffer.from(`${OID} missing\n${OID} blob 3\nabc\n`);
    const frame = { type: 'blob', size: bytes.length, bytes };
    expect(cut(written(frame), [7], ['contents'])).toEqual([frame]);
  });

  it('says nothing of an answer that is not whole', () => {
    expect(cut(Buffer.from(`${OID} blob 3\nab`), [100], ['contents'])).toEqual([]);
    expect(cut(Buffer.from(`${OID} blob`), [100], ['info'])).toEqual([]);
  });
});

const OID = 'a'.repeat(40);

function written(frame: Frame): Buffer {
  if ('missing' in frame) return Buffer.from(`${OID} ${frame.missing}\n`);
  const line = Buffer.from(`${OID} ${frame.type} ${frame.size}\n`);
  return frame.bytes ? Buffer.concat([line, frame.bytes, Buffer.from('\n')]) : line;
}

function cut(output: Buffer, sizes: readonly number[], commands: readonly BatchCommand[]): Frame[] {
  const seen: Frame[] = [];
  const frames = new BatchFrames(
    () => commands[seen.length]!,
    (frame) => seen.push(frame),
  );
  for (let at = 0, turn = 0; at < output.length; turn++) {
    const end = at + sizes[turn % sizes.length]!;
    frames.push(output.subarray(at, end));
    at = end;
  }
  return seen;
}
