import { spawn } from 'node:child_process';
import { masked } from '../../forge/render/secrets.ts';
import { oneLine } from '../../forge/render/visible.ts';
import type { ProcessEnvironment } from './environment.ts';
import { lineCutter } from './lines.ts';
import { permissions } from './permissions.ts';
import { type Asked, MOST_OF_A_LINE, type Told, toldSchema } from './protocol.ts';

export interface ProcessOptions {
  /** The file that it runs. */
  readonly program: string;
  /** In MB, of its heap. */
  readonly heap: number;
  readonly environment: ProcessEnvironment;
  /** Absolute: the one folder that it may write to. */
  readonly transcripts: string | undefined;
  readonly onTold: (told: Told) => void;
}

export interface EngineProcess {
  /** `undefined`: it could not be started. */
  readonly pid: number | undefined;
  send(asked: Asked): void;
  /** Lets it end by itself. */
  finish(): void;
  /** @param why it has to go, in words. */
  kill(why: string): void;
  /** Why, in words; once nothing more comes from it. */
  readonly ended: Promise<string>;
}

/**
 * Starts a process that lives as long as its stdin is open, so that it outlives nobody. All that it is told goes there: arguments can
 * be read by everybody on the machine, and are limited.
 */
export function startProcess({ program, heap, environment, transcripts, onTold }: ProcessOptions): EngineProcess {
  const child = spawn(process.execPath, [`--max-old-space-size=${heap}`, ...permissions(transcripts), program], {
    // Not where a foreign checkout may lie.
    cwd: import.meta.dirname,
    env: environment.variables,
    stdio: 'pipe',
    windowsHide: true,
  });
  let reason: string | undefined;
  const kill = (why: string) => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const cut = lineCutter(MOST_OF_A_LINE, (line) => {
    if (reason === undefined) onTold(toldSchema.parse(JSON.parse(line)));
  });
  const said = ring(child.stderr);
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    if (reason !== undefined) return;
    try {
      cut(piece);
    } catch {
      kill('what it said was not understood');
    }
  });
  // One that is gone is told by its end.
  child.stdin.on('error', () => {});
  child.on('error', (error) => {
    reason ??= `it could not be started: ${error.message}`;
  });
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => {
      const how = reason ?? (signal === null ? `it ended with ${code}` : `it was killed (${signal})`);
      resolve(oneLine(`${how}${complaint(said(), environment.secrets, heap)}`));
    });
  });
  return {
    pid: child.pid,
    send: (asked) => void child.stdin.write(`${JSON.stringify(asked)}\n`),
    finish: () => void child.stdin.end(),
    kill,
    ended,
  };
}

/** Characters of stderr that are kept: what came last, which is what it ended with. */
const KEPT = 16 << 10;
const MOST_OF_A_COMPLAINT = 500;

function ring(stream: NodeJS.ReadableStream): () => string {
  let kept = '';
  stream.setEncoding('utf8').on('data', (piece: string) => {
    kept = (kept + piece).slice(-KEPT);
  });
  return () => kept;
}

/** The line of stderr that says what was wrong, for the end of a message; nothing where it said nothing. */
function complaint(stderr: string, secrets: readonly string[], heap: number): string {
  if (/heap out of memory|Reached heap limit/.test(stderr)) return `: it took more memory than the ${heap} MB it may`;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const telling = refusedIn(stderr) ?? lines.findLast((line) => /^(?:\w*Error\b|FATAL)/.test(line)) ?? lines.at(-1);
  if (telling === undefined) return '';
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, '[…]'), masked(telling));
  return `: ${hidden.slice(0, MOST_OF_A_COMPLAINT)}`;
}

/** What Node's permissions kept from it, which Node's own message does not say; of use to who installed it in parts. */
function refusedIn(stderr: string): string | undefined {
  const [, path] = /\bcode: 'ERR_ACCESS_DENIED'[^}]*\bresource: '([^'\n]+)'/.exec(stderr) ?? [];
  return path === undefined ? undefined : `it may read agentsmd and its packages alone, and ${path} is none of them`;
}
