import { spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { opened, prepared, until } from './testing/opened.ts';
import { question } from './testing/question.ts';

/** Starts processes. */
const LONG = 120_000;
const PROGRAM = join(import.meta.dirname, 'testing/trying-child.ts');
const DENIED = 'ERR_ACCESS_DENIED';

/** A home with something to steal, and a folder for transcripts. */
function outside() {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-outside-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, '.netrc'), 'machine gitlab.example.com password not-for-the-models\n');
  const transcripts = join(folder, 'transcripts');
  mkdirSync(transcripts);
  return { folder, transcripts, environment: { OUTSIDE: folder, TRANSCRIPTS: transcripts } };
}

async function triedUnder(transcripts: string, environment: Readonly<Record<string, string>>) {
  const models = { transcript: { dir: transcripts, content: 'full', retentionDays: 1 } } as const;
  const { engine } = await opened({ models, settings: { environment }, deps: { program: PROGRAM } });
  const answer = await engine.ask(question('do as you are told'));
  return JSON.parse((answer as { message: string }).message) as Readonly<Record<string, string>>;
}

describe.skipIf(process.platform === 'win32')('a process of the models that does whatever it is told', () => {
  it(
    'writes transcripts, and reaches nothing else of the machine',
    async () => {
      const { folder, transcripts, environment } = outside();
      const { 'write a transcript': own, ...others } = await triedUnder(transcripts, environment);
      expect(own).toBe('done');
      expect(Object.keys(others).length).toBeGreaterThan(10);
      expect(others).toEqual(Object.fromEntries(Object.keys(others).map((name) => [name, DENIED])));
      expect(readdirSync(folder).sort()).toEqual(['.netrc', 'transcripts']);
      expect(readFileSync(join(folder, '.netrc'), 'utf8')).toMatch(/not-for-the-models\n$/);
    },
    LONG,
  );

  it(
    'writes nothing at all where no transcripts are kept',
    async () => {
      const tried = await triedUnder('', outside().environment);
      expect(new Set(Object.values(tried))).toEqual(new Set([DENIED]));
    },
    LONG,
  );

  it.runIf(process.platform === 'linux')(
    'would reach all of it, were it not for the permissions',
    () => {
      const { environment } = outside();
      const env = { ...process.env, ...environment };
      const { stdout } = spawnSync(process.execPath, [PROGRAM, 'alone'], { env, encoding: 'utf8' });
      expect(new Set(Object.values(JSON.parse(stdout)))).toEqual(new Set(['done']));
    },
    LONG,
  );
});

describe.runIf(process.platform === 'linux')('the process of the models', () => {
  it(
    'inherits no file that who started it has open',
    async () => {
      const { server, engineSettings, env } = await prepared();
      server.play({ kind: 'hang' });
      const { folder } = outside();
      const secret = openSync(join(folder, '.netrc'), 'r+');
      const parent = spawn(
        process.execPath,
        [join(import.meta.dirname, 'testing/parent.ts'), JSON.stringify(engineSettings)],
        { env, stdio: ['ignore', 'pipe', 'inherit', secret] },
      );
      onTestFinished(() => void parent.kill('SIGKILL'));
      const [pid] = await new Promise<number[]>((resolve) =>
        createInterface({ input: parent.stdout! }).once('line', (line) => resolve([Number(line)])),
      );
      await until(() => server.requests.length === 1);
      expect(open(parent.pid!)).toContain(join(folder, '.netrc'));
      expect(open(pid!)).not.toContain(join(folder, '.netrc'));
    },
    LONG,
  );
});

function open(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).map((number) => readlinkSync(`/proc/${pid}/fd/${number}`));
}
