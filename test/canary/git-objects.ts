import { basename } from 'node:path';
import { inflateSync } from 'node:zlib';

/** Bytes of one object: a larger one is not looked at. */
const MOST_BYTES = 64 << 20;

/** What a file of git is called after what is in it; `undefined` for any other, which may hold something else the next time. */
export function nameByContent(path: string): string | undefined {
  const [, name] = /\/([0-9a-f]{2}\/(?:[0-9a-f]{38}|[0-9a-f]{62})|pack-[0-9a-f]{40,64}\.pack)$/.exec(path) ?? [];
  return name;
}

/**
 * What git keeps compressed in a file: a loose object, or all of a pack. A delta is given as it is: what it adds to the object that it
 * rests on stands in it in full.
 *
 * @throws where it is none, or damaged.
 */
export function* objectsIn(path: string, bytes: Buffer): Iterable<Buffer> {
  if (!path.endsWith('.pack')) {
    yield inflateSync(bytes, { maxOutputLength: MOST_BYTES });
    return;
  }
  // gitformat-pack: 12 bytes of header, the last four of them the number of objects.
  const count = bytes.readUInt32BE(8);
  for (let n = 0, at = 12; n < count; n++) {
    at = dataAt(bytes, at, basename(path).length > 'pack-.pack'.length + 40 ? 32 : 20);
    const inflated = inflateSync(bytes.subarray(at), { info: true, maxOutputLength: MOST_BYTES });
    const { buffer, engine } = inflated as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    yield buffer;
    at += engine.bytesWritten;
  }
}

const OFFSET_DELTA = 6;
const REF_DELTA = 7;

/** Where the compressed bytes of an entry begin: behind its type and size, and what a delta rests on. @param hash bytes of a name. */
function dataAt(bytes: Buffer, entry: number, hash: number): number {
  const type = (bytes.readUInt8(entry) >> 4) & 7;
  const data = afterNumber(bytes, entry);
  if (type === OFFSET_DELTA) return afterNumber(bytes, data);
  return type === REF_DELTA ? data + hash : data;
}

/** Each byte of a number but the last one has its highest bit set. */
function afterNumber(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes.readUInt8(end) >= 0x80) end += 1;
  return end + 1;
}
