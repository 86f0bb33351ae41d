import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium, where this machine has one: `AGENTSMD_CHROMIUM` names it, or it is where Debian puts it. */
export function findChromium(): string | undefined {
  const named = process.env.AGENTSMD_CHROMIUM;
  if (named !== undefined && named !== '' && named !== 'required') return named;
  return PLACES.find((path) => existsSync(path));
}

/** Whether a machine without one is a failure, and no reason to skip. */
export function isRequired(): boolean {
  return process.env.AGENTSMD_CHROMIUM === 'required';
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  readonly print?: boolean;
}

/** A page in a browser of its own, without the user's settings, whose every request outside arrives at a server of ours. */
export interface Browser {
  /** Opens a file, and shows it so. */
  open(file: string, view: View): Promise<void>;
  /** What an expression is, as JSON; the page's content policy does not hold for it. */
  evaluate<T>(expression: string): Promise<T>;
  /** The whole page, PNG. */
  screenshot(): Promise<Buffer>;
  /** What was asked of the outside so far. */
  readonly requests: readonly string[];
  /** What the browser complained of so far: its content policy, say. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Speaks the DevTools protocol over a pipe (`--remote-debugging-pipe`): JSON that ends with NUL, on file descriptors 3 and 4. */
export async function startChromium(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'agentsmd-chromium-'));
  const requests: string[] = [];
  const complaints: string[] = [];
  const proxy = await listening(requests);
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, `--proxy-server=127.0.0.1:${proxy.port}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: profile, LANG: 'C.UTF-8' },
  });
  const { send, on } = speaking(child);
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const ask = <T>(method: string, params: object = {}): Promise<T> => send<T>(method, params, sessionId);
  on('Log.entryAdded', ({ entry }) => complaints.push(String((entry as { text?: string }).text)));
  await ask('Page.enable');
  await ask('Log.enable');
  return {
    requests,
    complaints,
    open: async (file, { width, height, dark = false, print = false }) => {
      await ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 500 });
      await ask('Emulation.setEmulatedMedia', {
        media: print ? 'print' : 'screen',
        features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
      });
      const loaded = new Promise<void>((resolve) => on('Page.loadEventFired', () => resolve()));
      await ask('Page.navigate', { url: `file://${file}` });
      await loaded;
    },
    evaluate: async <T>(expression: string) => {
      const params = { expression: `JSON.stringify(${expression})`, awaitPromise: true, returnByValue: true };
      const answer = await ask<{ result: { value: string }; exceptionDetails?: object }>('Runtime.evaluate', params);
      if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
      return JSON.parse(answer.result.value) as T;
    },
    screenshot: async () => {
      const { data } = await ask<{ data: string }>('Page.captureScreenshot', { captureBeyondViewport: true });
      return Buffer.from(data, 'base64');
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      await send('Browser.close').catch(() => child.kill('SIGKILL'));
      await ended;
      proxy.server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--no-first-run',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-features=OptimizationHints,MediaRouter',
];

/** Where Chromium itself reports to, whatever it is told. */
const OWN = /^(?:https?:\/\/)?[\w.-]+\.(?:google|googleapis|gvt1)\.com(?:[:/]|$)/;

/** Whoever asks for anything outside asks this server: it remembers what, and refuses. */
async function listening(requests: string[]): Promise<{ readonly server: Server; readonly port: number }> {
  const note = (asked = ''): void => {
    if (!OWN.test(asked)) requests.push(asked);
  };
  const server = createServer((request, response) => {
    note(request.url);
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    note(request.url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

type Listener = (params: Readonly<Record<string, unknown>>) => void;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

function speaking(child: ChildProcess) {
  const [, , , writer, reader] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Listener[]>();
  let rest = '';
  let last = 0;
  reader.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0');
    rest = texts.pop()!;
    for (const text of texts) {
      const { id, method, params = {}, result, error } = JSON.parse(text) as Message;
      if (id === undefined) for (const listen of listeners.get(method ?? '') ?? []) listen(params);
      else if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
    }
  });
  const end = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended'));
  };
  child.once('close', end).once('error', end);
  writer.on('error', end);
  return {
    send: <T>(method: string, params: object = {}, sessionId?: string): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        writer.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      }),
    on: (method: string, listen: Listener): void => {
      listeners.set(method, [...(listeners.get(method) ?? []), listen]);
    },
  };
}
