import { inflateSync } from 'node:zlib';

/** A picture as its pixels, red, green, blue and perhaps more, row by row from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel: 3, or 4. */
  readonly depth: number;
  readonly bytes: Uint8Array;
}

/** A PNG as browsers write it: 8 bits for each of red, green, blue (and alpha), not interlaced. */
export function readPng(file: Buffer): Pixels {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const [bits, colour, interlaced] = [file[24], file[25], file[28]];
  if (bits !== 8 || (colour !== 2 && colour !== 6) || interlaced !== 0) throw new Error('a PNG of another kind');
  const depth = colour === 6 ? 4 : 3;
  const data: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { width, height, depth, bytes: unfiltered(inflateSync(Buffer.concat(data)), width * depth, height, depth) };
}

/** Each row begins with how it was written down: as differences to what stands left of it, above it, or both. */
function unfiltered(raw: Buffer, row: number, height: number, depth: number): Uint8Array {
  const bytes = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    const kind = raw[y * (row + 1)]!;
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x < depth ? 0 : bytes[at - depth]!;
      const above = y === 0 ? 0 : bytes[at - row]!;
      const corner = x < depth || y === 0 ? 0 : bytes[at - row - depth]!;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][kind]!;
      bytes[at] = raw[y * (row + 1) + 1 + x]! + guess;
    }
  }
  return bytes;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** How many pixels in a part of the picture have that colour. */
export function pixelsOf({ width, height, depth, bytes }: Pixels, box: Box, [red, green, blue]: Rgb): number {
  let count = 0;
  const [right, bottom] = [Math.min(width, box.x + box.width), Math.min(height, box.y + box.height)];
  for (let y = Math.max(0, Math.ceil(box.y)); y < Math.floor(bottom); y++)
    for (let x = Math.max(0, Math.ceil(box.x)); x < Math.floor(right); x++) {
      const at = (y * width + x) * depth;
      if (bytes[at] === red && bytes[at + 1] === green && bytes[at + 2] === blue) count++;
    }
  return count;
}
