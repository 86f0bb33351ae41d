/**
 * The process of the models: reads what it is asked from stdin and writes what is answered to stdout, a line of JSON each. It ends when
 * its stdin does, whatever it is doing: nobody is there any more to answer to. What it needs of a repository, or of the machine, is done
 * for it by who started it.
 */
import { openConfigured, warmUp } from '../../models/open.ts';
import { answerSchemas } from '../agents/answers.ts';
import { lineCutter } from './lines.ts';
import type { Asked, Told, ToldAnswer } from './protocol.ts';
import { tellingRecorder } from './recorder.ts';
import { served } from './served.ts';

type Opened = Extract<Asked, { type: 'open' }>;
type Question = Extract<Asked, { type: 'ask' }>;

/** In ms: what may still be sent and written at the end. */
const LAST = 4000;

const write = process.stdout.write.bind(process.stdout);
// What a library prints is no answer of ours.
process.stdout.write = process.stderr.write.bind(process.stderr);
const tell = (told: Told): void => void write(`${JSON.stringify(told)}\n`);

const aborts = new Map<number, AbortController>();
const elsewhere = served(tell);
let place: Promise<Place> | undefined;

const cut = lineCutter(Number.POSITIVE_INFINITY, (line) => hear(JSON.parse(line) as Asked));
process.stdin.setEncoding('utf8').on('data', cut).on('end', end).on('error', end);
// Who started it hears it as well, and decides.
process.on('SIGINT', () => {});

warmUp();

function hear(asked: Asked): void {
  switch (asked.type) {
    case 'open':
      place = open(asked);
      place.then(
        () => tell({ type: 'ready' }),
        (error: Error) => tell({ type: 'failed', message: error.message.slice(0, 5000) }),
      );
      return;
    case 'ask':
      void answerTo(asked);
      return;
    case 'abort':
      aborts.get(asked.id)?.abort();
      return;
    case 'ping':
      tell({ type: 'pong', id: asked.id });
      return;
    case 'result':
    case 'day':
      elsewhere.hear(asked);
      return;
  }
}

type Place = Awaited<ReturnType<typeof open>>;

async function open({ settings, tools, thinking, health, before }: Opened) {
  const { models: config, home, name, about } = settings;
  const models = await openConfigured(config, {
    env: process.env,
    home,
    state: elsewhere.days,
    thinking,
    health,
    onProblem: (message) => tell({ type: 'event', event: { type: 'warning', agent: '', message } }),
  });
  return { models, config, about, tools, account: models.account(before), transcript: await models.transcript(name) };
}

async function answerTo({ id, question }: Question): Promise<void> {
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    tell({ type: 'answer', id, answer: await asked(id, question, abort.signal) });
  } finally {
    aborts.delete(id);
  }
}

async function asked(id: number, question: Question['question'], signal: AbortSignal): Promise<ToldAnswer> {
  const { models, config, about, tools, account, transcript } = await place!;
  const telling = config === 'none' ? undefined : tellingRecorder(id, config, tell);
  let healthBefore = JSON.stringify(models.health());
  const answer = await models.ask({
    agent: question.agent,
    tier: question.tier,
    about,
    account,
    prompt: question.prompt,
    answer: { name: question.answer, schema: answerSchemas[question.answer] as never },
    tools: elsewhere.tools(
      question.tools.flatMap((name) => tools.find((form) => form.name === name) ?? []),
      id,
    ),
    maxSteps: question.maxSteps,
    signal,
    transcript: {
      write(event) {
        transcript?.write(event);
        telling?.write(event);
        if (event.type !== 'text' && event.type !== 'reasoning') tellHealth();
      },
    },
  });
  tellHealth();
  return answer;

  function tellHealth(): void {
    const health = models.health();
    const now = JSON.stringify(health);
    if (now === healthBefore) return;
    healthBefore = now;
    tell({ type: 'health', health });
  }
}

function end(): void {
  elsewhere.end();
  setTimeout(() => process.exit(), LAST);
  void close().finally(() => process.exit());
}

async function close(): Promise<void> {
  const opened = await place?.catch(() => undefined);
  await opened?.models.close();
  await opened?.transcript?.close();
}
