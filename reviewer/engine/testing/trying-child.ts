/**
 * A process in the place of that of the models that is told what to do by whoever wrote a prompt: it tries to get at all that it should not,
 * and answers what became of each attempt.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lineCutter } from '../lines.ts';
import type { Asked, Told } from '../protocol.ts';

const { OUTSIDE = '', TRANSCRIPTS = '' } = process.env;

const attempts: Readonly<Record<string, () => unknown>> = {
  'write a transcript': () => writeFileSync(join(TRANSCRIPTS, 'a.jsonl'), '{}\n'),
  'write elsewhere': () => writeFileSync(join(OUTSIDE, 'written'), 'x'),
  'write beside the transcripts': () => writeFileSync(`${TRANSCRIPTS}-more`, 'x'),
  'add to what is there': () => appendFileSync(join(OUTSIDE, '.netrc'), 'x'),
  'write by a way back': () => writeFileSync(`${TRANSCRIPTS}/../written-too`, 'x'),
  'read .netrc': () => readFileSync(join(OUTSIDE, '.netrc')),
  'list a folder': () => readdirSync(OUTSIDE),
  'lead a link out': () => symlinkSync(OUTSIDE, join(TRANSCRIPTS, 'link')),
  'name a file twice': () => linkSync(join(OUTSIDE, '.netrc'), join(TRANSCRIPTS, 'netrc')),
  'read the environment of who started it': () => readFileSync(`/proc/${process.ppid}/environ`),
  'read what who started it has open': () => readdirSync(`/proc/${process.ppid}/fd`),
  'start a program': () => execFileSync(process.execPath, ['--version'], { stdio: 'pipe' }),
  'start a thread': () => void new Worker('', { eval: true }).unref(),
};

function tried(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attempts).map(([name, attempt]) => {
      try {
        attempt();
        return [name, 'done'];
      } catch (error) {
        return [name, (error as NodeJS.ErrnoException).code ?? String(error)];
      }
    }),
  );
}

const tell = (told: Told) => void process.stdout.write(`${JSON.stringify(told)}\n`);
const spent = {
  usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: false },
  ...{ cost: 0, calls: 0, ms: 0 },
};

function hear(asked: Asked): void {
  if (asked.type === 'open') tell({ type: 'ready' });
  else if (asked.type === 'ask') {
    const message = JSON.stringify(tried());
    tell({ type: 'answer', id: asked.id, answer: { kind: 'failed', reason: 'refused', message, ...spent } });
  }
}

if (process.argv[2] === 'alone') process.stdout.write(JSON.stringify(tried()));
else {
  const cut = lineCutter(1e9, (line) => hear(JSON.parse(line) as Asked));
  process.stdin
    .setEncoding('utf8')
    .on('data', cut)
    .on('end', () => process.exit());
}
