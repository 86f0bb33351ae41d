/** A process that writes a transcript until it is killed, and says on stdout up to which word it was flushed. */
import { setImmediate } from 'node:timers/promises';
import { openTranscript } from '../index.ts';

const transcript = await openTranscript({
  dir: process.argv[2]!,
  name: 'killed',
  content: 'full',
  retentionDays: 1,
  now: Date.now,
});
// Who started it is gone.
process.stdin.once('end', () => process.exit()).resume();
for (let word = 0; ; word += 1) {
  transcript.write({ at: Date.now(), agent: 'a', type: 'text', text: `${word} ` });
  if (word % 7 === 0) transcript.write({ at: Date.now(), agent: 'b', type: 'reasoning', text: 'x'.repeat(5000) });
  if (word % 50 === 49) {
    await transcript.flush();
    process.stdout.write(`${word}\n`);
  }
  if (word % 10 === 9) await setImmediate();
}
