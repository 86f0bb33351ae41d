import { isUtf8 } from 'node:buffer';
import type { FileRead } from './reader.ts';

/** The text of a file's bytes, or why they are none: see `Unreadable` for the rules. */
export function decodeBlob(bytes: Buffer): FileRead {
  if (isLfsPointer(bytes)) return { ok: false, reason: 'lfs-pointer' };
  const utf16 = utf16Encoding(bytes);
  if (utf16) return decodeUtf16(bytes, utf16);
  if (hasNul(bytes, SNIFFED_BYTES)) return { ok: false, reason: 'binary' };
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const bom = start === 0 ? {} : { bom: 'utf-8' as const };
  return { ok: true, text: bytes.toString('utf8', start), invalidUtf8: !isUtf8(bytes), ...bom };
}

/** As far as git itself looks for a NUL (`FIRST_FEW_BYTES`, xdiff-interface.c). */
const SNIFFED_BYTES = 8000;

function hasNul(bytes: Buffer, within: number): boolean {
  const at = bytes.indexOf(0);
  return at !== -1 && at < within;
}

const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/');

function isLfsPointer(bytes: Buffer): boolean {
  // git-lfs, docs/spec.md: a pointer is less than 1024 bytes and its first line is the version.
  return bytes.length < 1024 && bytes.subarray(0, LFS_POINTER.length).equals(LFS_POINTER);
}

function utf16Encoding(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null;
}

/**
 * .NET tools still write UTF-16. Two bytes are a weak sign of it, so whatever does not decode without a fault, or
 * holds a NUL character (UTF-32 does), is binary.
 */
function decodeUtf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): FileRead {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    const nul = text.indexOf('\0');
    if (nul === -1 || nul >= SNIFFED_BYTES / 2) return { ok: true, text, invalidUtf8: false, bom: encoding };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return { ok: false, reason: 'binary' };
}
