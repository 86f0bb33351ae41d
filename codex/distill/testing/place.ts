import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openModels } from '../../../models/door.ts';
import { settings } from '../../../models/testing/settings.ts';
import { type ModelServer, startModels } from '../../../test/models/index.ts';
import type { CodexTexts } from '../../import/index.ts';
import { distillAgents } from '../agents.ts';
import { openAnswerStore } from '../answer-store.ts';
import type { GivenCheck, GivenRule } from '../answers.ts';
import type { Asking } from '../ask.ts';
import { type DistillOptions, type DistillResult, distil } from '../index.ts';

/** By what a request of each role is known. */
export const TASK = {
  extract: '# Your task: the obligations of one section',
  revise: '# Your task: rules that were sent back',
  judge: '# Your task: the critic',
  merge: '# Your task: pairs that are alike',
  prove: '# Your task: checks',
} as const;

/** A rule as a model gives it, with everything that is not to the point. */
export function given(quote: string, title: string, what: string, more: Partial<GivenRule> = {}): GivenRule {
  const scope = { languages: [], frameworks: [], paths: [], notPaths: [] };
  return { quote, title, form: 'duty', what, occasion: '', level: 'SHOULD', ...scope, ...more };
}

/** What a helpful model says: of a section known by some of its words. */
export interface Said {
  readonly section: string;
  readonly rules: readonly GivenRule[];
}

/** A place with a double of an endpoint, a cache, and a codex that grows with each run. */
export async function distilling(more: { readonly cache?: string } = {}) {
  const server: ModelServer = await startModels({ models: { large: {}, small: {} } });
  const cache = more.cache ?? mkdtempSync(join(tmpdir(), 'distill-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(cache, { recursive: true, force: true });
  });
  const agents = await distillAgents();
  let codex: CodexTexts = new Map();
  const keepAll = Array.from({ length: 9 }, (_, at) => ({ rule: `R${at + 1}`, verdict: 'keep', reason: '' }));

  return {
    server,
    cache,
    /** From now on. What was said of a section before is not said any more. */
    say(all: readonly Said[], checks: readonly GivenCheck[] = []): void {
      server.reset();
      server.script(
        ...all.map(({ section, rules }) => ({ when: [TASK.extract, section], needs: [], answer: { rules } })),
        { when: [TASK.judge], needs: [], answer: { verdicts: keepAll } },
        { when: [TASK.merge], needs: [], answer: { pairs: [] } },
        { when: [TASK.prove], needs: [], answer: { checks } },
        { when: [TASK.revise], needs: [], answer: { rules: [] } },
        { when: [TASK.extract], needs: [], answer: { rules: [] } },
      );
    },
    get codex(): CodexTexts {
      return codex;
    },
    set codex(texts: CodexTexts) {
      codex = texts;
    },
    /** Requests of a role. */
    asked: (task: string) => server.requests.filter(({ prompt }) => prompt.includes(task)),
    /** Distils one document into the codex, and writes what comes of it there. */
    async run(document: string, options: Partial<DistillOptions> = {}): Promise<DistillResult> {
      const models = openModels(
        settings({ models: { large: {} }, provider: { baseUrl: server.url, keyEnv: 'GW_KEY' } }),
        { env: { GW_KEY: server.key }, sleep: async () => {} },
      );
      const asking: Asking = {
        models,
        agents,
        account: models.account(),
        about: { project: 'platform/codex', tags: [] },
        modelOf: () => 'gw/large',
        store: openAnswerStore(cache),
        count: { asked: 0, kept: 0 },
      };
      try {
        const standard = { documents: new Map([['standard.md', document]]), named: ['standard.md'], whole: false };
        const base = {
          format: 'markdown',
          prefix: 'STD',
          level: 'SHOULD',
          name: 'standard',
          today: '2026-11-22',
        } as const;
        const result = await distil(standard, codex, { ...base, ...options }, asking);
        codex = new Map([...codex, ...result.files.map(({ path, text }) => [path, text] as const)]);
        return result;
      } finally {
        await models.close();
      }
    },
  };
}

export const STANDARD = `# Interface standard

What teams have agreed on.

## Errors

### Error answers

A handler that fails MUST return a problem document with a code. Clients cannot tell errors apart otherwise.

### Thrown values

Code in TypeScript must not throw strings. A thrown string has no stack.

## Transport

### Retries

Clients should retry idempotent requests with a growing delay.

### Connections

Services that need the database from several handlers should use a connection pool.
`;

export const ERRORS: Said = {
  section: 'Error answers',
  rules: [
    given(
      'A handler that fails MUST return a problem document with a code.',
      'Return a problem document with a code',
      'return a problem document with a code',
      { occasion: 'a handler fails', level: 'MUST' },
    ),
  ],
};
export const THROWN: Said = {
  section: 'Thrown values',
  rules: [
    given('Code in TypeScript must not throw strings.', 'Do not throw strings', 'not throw strings', {
      level: 'MUST',
      languages: ['TypeScript'],
    }),
  ],
};
export const RETRIES: Said = {
  section: 'Retries',
  rules: [
    given(
      'Clients should retry idempotent requests with a growing delay.',
      'Retry idempotent requests with a growing delay',
      'retry idempotent requests with a growing delay',
    ),
  ],
};
export const CONNECTIONS: Said = {
  section: 'Connections',
  rules: [
    given(
      'Services that need the database from several handlers should use a connection pool.',
      'Use a connection pool for the database',
      'a connection pool',
      { form: 'choice', occasion: 'the database from several handlers' },
    ),
  ],
};
export const RULES: readonly Said[] = [ERRORS, THROWN, RETRIES, CONNECTIONS];
