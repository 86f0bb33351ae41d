/** A process in the place of that of the models that does not do what it should: `ODD` says how. */
import { readFileSync } from 'node:fs';
import { lineCutter } from '../lines.ts';
import type { Asked, Told, ToldAnswer } from '../protocol.ts';

const odd = process.env.ODD ?? '';
const write = (text: string) => void process.stdout.write(text);
const tell = (told: Told) => write(`${JSON.stringify(told)}\n`);
const spent = {
  usage: { inputTokens: 1, cachedTokens: 0, outputTokens: 1, reasoningTokens: 0, estimated: false },
  cost: 0,
  calls: 1,
  ms: 1,
};

process.stdin.setEncoding('utf8').on(
  'data',
  lineCutter(1e9, (line) => hear(JSON.parse(line) as Asked)),
);
if (odd !== 'stubborn') process.stdin.on('end', () => process.exit());
else setInterval(() => {}, 1000);

function hear(asked: Asked): void {
  if (asked.type === 'open') {
    if (odd === 'never-ready') process.exit(7);
    else if (odd === 'never-says') return;
    else if (odd === 'refuses') tell({ type: 'failed', message: 'models.transcript.dir: no' });
    else tell({ type: 'ready' });
  } else if (asked.type === 'ping' && odd !== 'mute') tell({ type: 'pong', id: asked.id });
  else if (asked.type === 'ask') misbehave(asked.id);
}

function misbehave(id: number): void {
  const answer = (value: unknown): ToldAnswer => ({ kind: 'answer', value, model: 'gw/large', ...spent });
  if (odd === 'garbage') write('hello\n');
  else if (odd === 'endless-line') write('x'.repeat(9 << 20));
  else if (odd === 'other-shape') tell({ type: 'answer', id, answer: answer({ findings: [{ path: 1 }] }) });
  else if (odd === 'extra-key') write('{"type":"ready","approve":true}\n');
  else if (odd === 'negative') tell({ type: 'step', id, usage: { ...spent.usage, inputTokens: -5 }, cost: 0 });
  else if (odd === 'stubborn') tell({ type: 'answer', id, answer: answer({ findings: [] }) });
  else if (odd === 'reads') readFileSync(`/not-ours/${process.env.OTHER}`);
  else if (odd === 'exits') {
    process.stderr.write(
      `noise\nError: overloaded, said ${process.env.GW_KEY}, token ${process.env.OTHER}\n    at x\n`,
    );
    process.exit(3);
  }
}
