import { setImmediate } from 'node:timers/promises';
import type { Admit, Refusal } from '../bounded-reader.ts';
import type { Frame } from './batch-frames.ts';
import type { CatFile } from './cat-file.ts';

/** Where a file's content is: in an object, or somewhere that can be read at once. */
export type Content = { readonly oid: string } | { readonly now: (admit: Admit) => Buffer | Refusal };

/**
 * The content of each, in order. Sizes are asked first, so that what is too large is never transferred, and admitted
 * in the order given, so that a budget ends at the same file each time.
 */
export async function readContents(
  objects: CatFile,
  contents: readonly Content[],
  admit: Admit,
): Promise<(Buffer | Refusal)[]> {
  const infos = await Promise.all(contents.map((content) => ('oid' in content ? objects.info(content.oid) : null)));
  const answers: (Buffer | Refusal | Promise<Buffer | Refusal>)[] = [];
  for (const [at, content] of contents.entries()) {
    // Reading from disk blocks; the pause lets other repositories' work go on.
    if (at % 500 === 499) await setImmediate();
    answers.push('now' in content ? content.now(admit) : readAdmitted(objects, content.oid, infos[at]!, admit));
  }
  return Promise.all(answers);
}

/** A longer target leads nowhere: Linux allows 4096 bytes. */
const LONGEST_TARGET = 4096;

/** What symbolic links hold, from their objects. */
export function readLinks(objects: CatFile, oids: readonly string[]): Promise<(string | undefined)[]> {
  const admit: Admit = (bytes) => (bytes > LONGEST_TARGET ? { ok: false, reason: 'too-large' } : undefined);
  return Promise.all(
    oids.map(async (oid) => {
      const read = await readAdmitted(objects, oid, await objects.info(oid), admit);
      return Buffer.isBuffer(read) ? read.toString('utf8') : undefined;
    }),
  );
}

function readAdmitted(objects: CatFile, oid: string, info: Frame, admit: Admit): Refusal | Promise<Buffer | Refusal> {
  if ('missing' in info) return missing(info.missing);
  if (info.type !== 'blob') return missing(`a ${info.type}`);
  return admit(info.size) ?? readObject(objects, oid);
}

async function readObject(objects: CatFile, oid: string): Promise<Buffer | Refusal> {
  const frame = await objects.contents(oid);
  return 'missing' in frame || frame.bytes === null ? missing('missing' in frame ? frame.missing : '') : frame.bytes;
}

/** Git's plain `missing` says no more than the reason does. */
function missing(detail: string): Refusal {
  return detail === '' || detail === 'missing'
    ? { ok: false, reason: 'missing-blob' }
    : { ok: false, reason: 'missing-blob', detail };
}
