import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { MiddlewareHandler } from 'hono';
import picomatch from 'picomatch';
import type { SimulatorEnv } from './api.ts';
import type { FaultRule } from './port.ts';
import type { World } from './world.ts';

export interface Faults {
  readonly middleware: MiddlewareHandler<SimulatorEnv>;
  add(rule: FaultRule): void;
  clear(): void;
}

interface Armed {
  readonly rule: FaultRule;
  readonly matches: (path: string) => boolean;
  /** How often it could have struck: in all, and by what was asked. */
  seen: number;
  readonly seenOf: Map<string, number>;
}

/**
 * Strikes requests as the rules say; the first rule that hits wins. A probability is drawn from the seed, the method and
 * path and how often they came before: the same requests meet the same faults, in whatever order they overlap.
 */
export function faultsOf(world: World): Faults {
  const armed: Armed[] = [];

  return {
    add(rule) {
      const pattern = rule.path?.replace(/^\//, '');
      const glob = pattern === undefined ? () => true : picomatch(pattern, { dot: true });
      armed.push({ rule, matches: glob, seen: 0, seenOf: new Map() });
    },
    clear() {
      armed.length = 0;
    },
    async middleware(c, next) {
      const path = new URL(c.req.url).pathname.slice(world.subpath.length);
      const hit = armed.find((fault, at) => strikes(fault, c.req.raw.method, path, `${world.seed} ${at}`));
      if (!hit) return next();
      const { action } = hit.rule;
      c.set('fault', action.kind === 'misbehave' ? action.how : action.kind);
      if (action.kind === 'misbehave') {
        c.set('misbehaviour', action.how);
        return next();
      }
      const { socket } = c.env.incoming;
      if (action.kind === '429') c.res = tooMany(action.retryAfter, action.plain ?? false);
      else if (action.kind === 'status') c.res = proxyError(action.status);
      else if (action.kind === 'reset') c.res = cut(socket);
      else if (action.kind === 'slow' && action.part === 'headers') {
        await setTimeout(action.ms, undefined, { ref: false });
        await next();
      } else {
        await next();
        const { res } = c;
        // Else Hono gives the new answer the headers of the old one.
        c.res = undefined;
        if (action.kind === 'applied-then-reset') c.res = cut(socket);
        else if (action.kind === 'applied-then-status') c.res = proxyError(action.status);
        else if (res.body === null) {
          // There is nothing of it to hold back or to cut.
          if (action.kind === 'slow') await setTimeout(action.ms, undefined, { ref: false });
          c.res = res;
        } else {
          const bytes = new Uint8Array(await res.arrayBuffer());
          const half = bytes.length >> 1;
          if (action.kind === 'truncated') c.res = new Response(bytes.subarray(0, half), res);
          else c.res = new Response(ReadableStream.from(slowly(bytes, half, action.ms)), res);
        }
      }
      return;
    },
  };
}

function strikes(fault: Armed, method: string, path: string, seed: string): boolean {
  const { rule } = fault;
  if (rule.method && rule.method !== method) return false;
  if (!namesOf(path).some((name) => fault.matches(name))) return false;
  fault.seen++;
  const asked = `${method} ${path}`;
  const before = fault.seenOf.get(asked) ?? 0;
  fault.seenOf.set(asked, before + 1);
  if (rule.nth !== undefined && rule.nth !== fault.seen) return false;
  if (rule.first !== undefined && fault.seen > rule.first) return false;
  return rule.probability === undefined || draw(`${seed} ${asked} ${before}`) < rule.probability;
}

/** A number below 1 that the text decides. */
function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

async function* slowly(bytes: Uint8Array, half: number, ms: number) {
  yield bytes.subarray(0, half);
  await setTimeout(ms, undefined, { ref: false });
  yield bytes.subarray(half);
}

/** Nobody gets this answer: its connection is gone. */
function cut(socket: Socket): Response {
  socket.resetAndDestroy();
  return new Response(null, { status: 499 });
}

/** What a rule's glob may name: `projects/3/merge_requests`, `api/graphql`, and of git's requests also the last part. */
function namesOf(path: string): string[] {
  const api = path.replace(/^\/api\/v4\//, '');
  const repository = /[^/]+\.git\/.*$/.exec(path)?.[0];
  return [api.replace(/^\//, ''), ...(repository ? [repository] : [])];
}

/** A throttle's answer: gitlab-api.md 1.2. */
function tooMany(retryAfter: number | undefined, plain: boolean): Response {
  const headers: Record<string, string> = { 'Content-Type': plain ? 'text/plain' : 'application/json' };
  if (retryAfter !== undefined) {
    headers['Retry-After'] = String(retryAfter);
    headers['RateLimit-ResetTime'] = new Date(Date.now() + retryAfter * 1000).toUTCString();
    headers['RateLimit-Remaining'] = '0';
  }
  const body = plain
    ? 'Retry later\n'
    : JSON.stringify({ message: { error: 'This endpoint has been requested too many times. Try again later.' } });
  return new Response(body, { status: 429, headers });
}

/** What stands before GitLab answers with a page of its own. */
function proxyError(status: number): Response {
  const page = `<html><head><title>${status}</title></head><body><h1>${status}</h1><p>nginx</p></body></html>\n`;
  return new Response(page, { status, headers: { 'Content-Type': 'text/html' } });
}
