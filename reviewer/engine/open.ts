import { together } from '../../models/meter.ts';
import { daysOf } from '../../models/open.ts';
import type { ModelHealth } from '../../models/overrides.ts';
import type { Answer, Failed, Spent } from '../../models/port.ts';
import { type Answers, answerSchemas } from '../agents/answers.ts';
import type { EngineDeps } from './deps.ts';
import { processEnvironment } from './environment.ts';
import { EngineError } from './errors.ts';
import { openLooking } from './looking.ts';
import { transcriptFolder } from './permissions.ts';
import type { Engine, EngineEvent, EngineQuestion, EngineSettings } from './port.ts';
import { type EngineProcess, startProcess } from './process.ts';
import type { Told, ToldAnswer } from './protocol.ts';
import { type Serving, serve } from './serving.ts';
import { NOTHING, openTally, type Tally } from './tally.ts';
import { programOf } from './warm.ts';

/** Timers that run for longer end at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** A question that is under way. */
interface Open {
  readonly id: number;
  readonly question: EngineQuestion;
  readonly resolve: (answer: Answer<unknown>) => void;
  /** By processes that are gone. */
  lost: Spent;
  tally: Tally;
  /** Its deadline has passed, and it was called off. */
  overdue: boolean;
  /** The process answered after that. */
  alive: boolean;
  timer?: NodeJS.Timeout;
}

/**
 * Opens the language models of one review, in a process of their own. Whoever opens it closes it.
 *
 * @throws SettingError where a token of the forge would get there.
 * @throws EngineError where it cannot be opened: no such repository, no folder for transcripts, a process that does not start.
 */
export async function openEngine(settings: EngineSettings, deps: EngineDeps): Promise<Engine> {
  const environment = processEnvironment(settings, deps.env, deps.forgeTokens);
  const { thinking = 30_000, patience = 10_000, startup = 60_000 } = deps;
  const { environment: _, state, sees, patches, ...told } = settings;
  const { models } = settings;
  const transcripts = transcriptFolder(settings);
  const days = models === 'none' ? undefined : await daysOf(models, () => state);
  const looking = await openLooking({ sees, patches }).catch((error: Error) => {
    throw new EngineError(error.message, 2);
  });
  const services = {
    tools: looking.tools,
    days,
    onProblem: (message: string) => tell({ type: 'warning', agent: '', message }),
  };
  const opens = new Map<number, Open>();
  const ready = Promise.withResolvers<void>();
  /** What is still to be written down for processes that are gone. */
  const served: Promise<void>[] = [];
  let settled = NOTHING;
  let health: Readonly<Record<string, ModelHealth>> = {};
  let restarts = 0;
  let ids = 0;
  /** Why there is no process any more, and will be none. */
  let over: Failed | undefined;
  let closing: Promise<void> | undefined;
  let starting: NodeJS.Timeout | undefined;
  let current = start();

  function start(): EngineProcess {
    const toolsOf = (id: number) => opens.get(id)?.question.tools ?? [];
    const serving = serve(services, toolsOf, (asked) => started.send(asked));
    const listen = (line: Told) => hear(line, serving);
    const started =
      deps.warm?.take(environment, transcripts, listen) ??
      startProcess({ ...programOf(deps), environment, transcripts, onTold: listen });
    if (started.pid !== undefined) deps.onProcess?.(started.pid);
    const { usage, cost } = spent();
    const before = { tokens: usage.inputTokens + usage.outputTokens, money: cost ?? 0 };
    started.send({ type: 'open', settings: told, tools: looking.forms, thinking, health, before });
    starting = setTimeout(() => started.kill(`it was not ready within ${seconds(startup)}`), startup);
    void started.ended.then(replace);
    void started.ended.then(() => served.push(serving.end()));
    return started;
  }

  function hear(line: Told, serving: Serving): void {
    switch (line.type) {
      case 'ready':
        clearTimeout(starting);
        ready.resolve();
        return;
      case 'failed':
        fail('unavailable', line.message, 2);
        return;
      case 'event':
        tell(line.event);
        return;
      case 'health':
        health = line.health;
        return;
      case 'pong': {
        const open = opens.get(line.id);
        if (open) open.alive = true;
        return;
      }
      case 'call':
        opens.get(line.id)?.tally.begin(line);
        return;
      case 'step':
        opens.get(line.id)?.tally.end(line);
        return;
      case 'answer': {
        const open = opens.get(line.id);
        if (open) settle(open, checked(line.answer, open), line.answer);
        return;
      }
      default:
        serving.hear(line);
    }
  }

  function replace(why: string): void {
    clearTimeout(starting);
    if (over) return;
    if (closing) fail('aborted', 'the models were closed', 3);
    else if (restarts > 0)
      fail('unavailable', `the process of the models was replaced once, and failed again: ${why}`, 3);
    else beginAnew(why);
  }

  function beginAnew(why: string): void {
    restarts = 1;
    tell({ type: 'restart', why });
    for (const open of opens.values()) {
      open.lost = together(open.lost, open.tally.known());
      open.tally = openTally();
      if (open.overdue) settle(open, tooLate(open));
    }
    try {
      current = start();
    } catch (error) {
      fail('unavailable', `the process of the models cannot be replaced: ${(error as Error).message}`, 3);
    }
    for (const open of opens.values()) send(open);
  }

  /** For good. */
  function fail(reason: Failed['reason'], message: string, exitCode: 2 | 3): void {
    over ??= { kind: 'failed', reason, message };
    ready.reject(new EngineError(message, exitCode));
    for (const open of opens.values()) settle(open, over);
    current.finish();
  }

  function send({ id, question: { deadline: _, ...question } }: Open): void {
    current.send({ type: 'ask', id, question });
  }

  /** It is called off; should the process not even say that it heard that, it is of no more use. */
  function callOff(open: Open): void {
    const asked = current;
    open.overdue = true;
    asked.send({ type: 'abort', id: open.id });
    asked.send({ type: 'ping', id: open.id });
    open.timer = setTimeout(() => {
      settle(open, tooLate(open));
      if (!open.alive) asked.kill(`it did not answer for ${seconds(patience)}`);
    }, patience);
  }

  /** @param took By this process; where it did not say, what is known. */
  function settle(open: Open, end: Ended, took: Spent = open.tally.known()): void {
    clearTimeout(open.timer);
    opens.delete(open.id);
    const { usage, cost, calls, ms } = together(open.lost, took);
    settled = together(settled, { usage, cost, calls, ms });
    open.resolve({ ...end, usage, cost, calls, ms });
  }

  function spent(): Spent {
    return [...opens.values()].map(({ lost, tally }) => together(lost, tally.known())).reduce(together, settled);
  }

  function tell(event: EngineEvent): void {
    try {
      deps.onEvent?.(event);
    } catch {
      // Its own affair.
    }
  }

  function ask(question: EngineQuestion): Promise<Answer<unknown>> {
    if (over) return Promise.resolve({ ...over, ...NOTHING });
    return new Promise((resolve) => {
      const open: Open = {
        id: ids++,
        question,
        resolve,
        lost: NOTHING,
        tally: openTally(),
        overdue: false,
        alive: false,
      };
      opens.set(open.id, open);
      send(open);
      open.timer = setTimeout(() => callOff(open), Math.min(Math.max(0, question.deadline), LONGEST_TIMER));
    });
  }

  async function close(): Promise<void> {
    const timer = setTimeout(() => current.kill('it did not end'), patience);
    current.finish();
    await current.ended;
    clearTimeout(timer);
    await Promise.all(served);
    await looking.close();
  }

  const engine: Engine = {
    ask: async <K extends keyof Answers>(question: EngineQuestion<K>) => (await ask(question)) as Answer<Answers[K]>,
    spent,
    restarts: () => restarts,
    close() {
      closing ??= close();
      return closing;
    },
  };
  try {
    await ready.promise;
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

type Ended = Failed | { readonly kind: 'answer'; readonly value: unknown; readonly model: string };

/** @throws ZodError for what is no answer to that question: then nothing of that process can be relied on. */
function checked(answer: ToldAnswer, open: Open): Ended {
  if (answer.kind === 'answer') {
    const { kind, value, model } = answer;
    return { kind, value: answerSchemas[open.question.answer].parse(value), model };
  }
  const { kind, reason, message } = answer;
  return open.overdue && reason === 'aborted' ? tooLate(open) : { kind, reason, message };
}

function tooLate({ question }: Open): Failed {
  return {
    kind: 'failed',
    reason: 'aborted',
    message: `no answer within ${seconds(question.deadline)}: it was called off`,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
