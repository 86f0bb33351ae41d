import type { Socket } from 'node:net';
import { type BatchCommand, BatchFrames, type Frame } from './batch-frames.ts';
import { collectText, spawnGit } from './run.ts';
import { makeStandIn, type ObjectStore } from './stand-in.ts';

export interface BatchEvents {
  /** What the next answer answers. */
  command(): BatchCommand;
  onFrame(frame: Frame): void;
  /** Called once, after the last answer. */
  onEnd(end: BatchEnd): void;
}

/** How a process ended. */
export interface BatchEnd {
  /** False when it never answered anything: it could not start. */
  readonly started: boolean;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Set when there was no process at all. */
  readonly error: Error | null;
}

/** One `git cat-file --batch-command` process. */
export interface BatchProcess {
  write(commands: string): void;
  /** Whether the program stays alive for this process's sake. */
  keepAlive(on: boolean): void;
  kill(): void;
}

/** Starts a process on a repository's objects, in a stand-in folder that is gone as soon as the process is up. */
export function startBatch(store: ObjectStore, events: BatchEvents, spawn = spawnGit): BatchProcess {
  const standIn = makeStandIn(store);
  const child = spawn(['cat-file', '--batch-command'], { env: standIn.env });
  let started = false;
  let error: Error | null = null;
  const frames = new BatchFrames(
    () => (started ? events.command() : 'info'),
    (frame) => {
      if (started) return events.onFrame(frame);
      started = true;
      standIn.remove();
    },
  );
  const stderr = collectText(child.stderr);
  child.stdout.on('data', (chunk: Buffer) => frames.push(chunk));
  child.on('error', (failure) => {
    error = failure;
  });
  child.on('close', (exitCode) => {
    standIn.remove();
    events.onEnd({ started, exitCode, stderr: stderr(), error });
  });
  // No object has this id. Its answer tells that git is up, so that a death before it is not some object's fault.
  child.stdin.write(`info ${'0'.repeat(40)}\n`);
  const handles = [child, child.stdin as Socket, child.stdout as Socket, child.stderr as Socket];
  return {
    write: (commands) => void child.stdin.write(commands),
    keepAlive: (on) => handles.forEach((handle) => void (on ? handle.ref() : handle.unref())),
    kill: () => void child.kill('SIGKILL'),
  };
}
