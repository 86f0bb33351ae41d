import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Answers of models that held, so that a run that was broken off, or comes again, asks nothing twice. */
export interface AnswerStore {
  /** The answer that was kept under a key; `undefined` where there is none, or its file is damaged. */
  get(key: string): unknown;
  /** Where it cannot be kept this only saves nothing. */
  put(key: string, answer: unknown): void;
}

const SCHEMA = 'agentsmd/distill-answer/1';

/** Keeps each answer in a file of its own, whole or not at all. `undefined`: keeps nothing. */
export function openAnswerStore(folder: string | undefined): AnswerStore {
  if (folder === undefined) return { get: () => undefined, put: () => {} };
  const root = join(folder, 'distill');
  return {
    get(key) {
      try {
        const kept = JSON.parse(readFileSync(join(root, `${key}.json`), 'utf8')) as Record<string, unknown>;
        return kept.schema === SCHEMA && kept.key === key ? kept.answer : undefined;
      } catch {
        return undefined;
      }
    },
    put(key, answer) {
      const temporary = join(root, `${key}.${randomBytes(6).toString('hex')}.tmp`);
      try {
        mkdirSync(root, { recursive: true, mode: 0o700 });
        writeFileSync(temporary, JSON.stringify({ schema: SCHEMA, key, answer }), { mode: 0o600 });
        renameSync(temporary, join(root, `${key}.json`));
      } catch {
        rmSync(temporary, { force: true });
      }
    },
  };
}
