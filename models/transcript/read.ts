import { createReadStream } from 'node:fs';
import type { TranscriptEvent } from '../port.ts';

/**
 * The events of a transcript, in order. A last line that its process did not get to end is left out.
 *
 * @throws Error for any other line that is no event, naming file and line; of the operating system, where it cannot be read.
 */
export async function* readTranscript(file: string): AsyncGenerator<TranscriptEvent> {
  let rest = '';
  let number = 0;
  for await (const chunk of createReadStream(file, 'utf8')) {
    // Not readline: it breaks lines at characters that JSON lets stand.
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      number += 1;
      yield parsed(line, `${file}:${number}`);
    }
  }
}

function parsed(line: string, where: string): TranscriptEvent {
  const event = json(line);
  if (typeof event === 'object' && event !== null && 'type' in event && 'at' in event && 'agent' in event) {
    const { type, at, agent } = event;
    if (typeof type === 'string' && typeof at === 'number' && typeof agent === 'string')
      return event as TranscriptEvent;
  }
  throw new Error(`${where}: no event of a transcript; the file was changed, or is another`);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
