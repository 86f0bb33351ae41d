import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SettingError } from '../../forge/setting-error.ts';
import type { ModelsSettings } from '../config.ts';
import type { Recorder } from '../port.ts';
import { lean } from './lean.ts';
import { deleteOld, transcriptName } from './retention.ts';
import { type TranscriptWriter, transcriptWriter } from './writer.ts';

export { readTranscript } from './read.ts';

export interface TranscriptOptions {
  readonly dir: string;
  /** What it is of; becomes a part of the file's name. */
  readonly name: string;
  readonly content: ModelsSettings['transcript']['content'];
  readonly retentionDays: number;
  /** In ms. */
  readonly now: () => number;
}

export interface Transcript extends Recorder, Pick<TranscriptWriter, 'flush' | 'close'> {
  readonly file: string;
}

/**
 * Begins a transcript, for one user's eyes: a line of JSON for each event, in a file of its own. What was written can be read even
 * when the process is killed. Older transcripts in the folder are deleted after their days (never within an hour).
 *
 * @throws SettingError where no file can be made there.
 */
export async function openTranscript(options: TranscriptOptions): Promise<Transcript> {
  const { dir, content, retentionDays, now } = options;
  const { file, handle } = await create(options);
  await deleteOld(dir, retentionDays, now());
  const writer = transcriptWriter({ sink: sinkOf(handle), now });
  return {
    file,
    flush: writer.flush,
    close: writer.close,
    write(event) {
      const kept = content === 'full' ? event : lean(event);
      if (kept) writer.write(kept);
    },
  };
}

const MOST_OF_A_NAME = 1000;

async function create({ dir, name, now }: TranscriptOptions): Promise<{ file: string; handle: FileHandle }> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    for (let turn = 0; ; turn += 1) {
      const file = join(dir, transcriptName(name, now(), process.pid, turn));
      try {
        return { file, handle: await open(file, NEW, 0o600) };
      } catch (error) {
        // Somebody's file or link; it is left alone.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || turn === MOST_OF_A_NAME) throw error;
      }
    }
  } catch (error) {
    const why = (error as Error).message;
    const message = `models.transcript.dir: ${dir}: no transcript can be written there (${why}); name a folder of yours, or none`;
    throw new SettingError(message, { cause: error });
  }
}

/** A link in its place is not followed but refused: open(2), `O_EXCL`. */
const NEW = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

function sinkOf(handle: FileHandle) {
  return {
    write: async (bytes: Buffer) => (await handle.write(bytes)).bytesWritten,
    close: () => handle.close(),
  };
}
