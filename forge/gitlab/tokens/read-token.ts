import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TokenSource } from '../../config.ts';
import { ForgeError } from '../../errors.ts';
import { Token } from './token.ts';

/**
 * Reads a token where the configuration says it is. A command gets 30 s and its first line counts.
 * @throws {ForgeError} `unauthorized`: not there, not readable, or no token. What was read is never part of the message.
 */
export async function readToken(source: TokenSource, env: NodeJS.ProcessEnv): Promise<Token> {
  const from = describeSource(source);
  const value = (await read(source, env)).trim();
  if (value === '') throw unreadable(from, 'nothing in it');
  // Anything else could not be sent in a header, and an error about that would print it.
  if (!/^[\x21-\x7e]+$/.test(value)) throw unreadable(from, 'not one word of plain characters');
  return new Token(value, from, isJobToken(source) || value.startsWith('glcbt-') ? 'job' : 'access');
}

/** Where a token comes from, in words. */
function describeSource(source: TokenSource): string {
  if ('env' in source) return `$${source.env}`;
  if ('file' in source) return `the file ${source.file}`;
  return `the command ${source.command[0]}`;
}

function isJobToken(source: TokenSource): boolean {
  return 'env' in source && source.env === 'CI_JOB_TOKEN';
}

async function read(source: TokenSource, env: NodeJS.ProcessEnv): Promise<string> {
  const from = describeSource(source);
  if ('env' in source) {
    const value = env[source.env];
    if (value === undefined) throw unreadable(from, 'the variable is not set');
    return value;
  }
  if ('file' in source) {
    const file = source.file.startsWith('~/') ? join(homedir(), source.file.slice(2)) : source.file;
    return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw unreadable(from, error.code === 'ENOENT' ? 'there is no such file' : String(error.code));
    });
  }
  const [program = '', ...args] = source.command;
  // Its stderr is not shown: nobody knows what a password program prints there.
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: 30_000, maxBuffer: 1 << 20 }).catch(
    (error: Error & { code?: unknown; killed?: boolean }) => {
      if (error.code === 'ENOENT') throw unreadable(from, 'there is no such program');
      throw unreadable(from, error.killed ? 'it did not end within 30 s' : `it ended with ${String(error.code)}`);
    },
  );
  return stdout.trimStart().split('\n', 1)[0] ?? '';
}

function unreadable(from: string, why: string): ForgeError {
  return new ForgeError('unauthorized', `no GitLab token in ${from}: ${why}`);
}
