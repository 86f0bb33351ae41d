import { describe, expect, it } from 'vitest';
import { claimOf } from './claim.ts';
import { orderIn } from './orders.ts';

/** Commands of the facts, here. */
const COMMANDS = new Set(['pnpm test', 'pnpm build']);

function orderOf(text: string): string | undefined {
  const { prose, spans } = claimOf({ section: 'Conventions', text, evidence: [] });
  return orderIn(prose, spans, (span) => COMMANDS.has(span));
}

describe('an order', () => {
  it.each([
    // A thing, and what it does.
    'Request handlers turn exceptions into wire errors with `toError`',
    'Query builders live in `src/query/`; request types are generated',
    'Commit hooks have their own folder; release notes are in `notes/`',
    // What for.
    'To run a test of `@shop/web`, call `pnpm test` inside of `web`',
    '`pnpm test` leaves `web` out: to run its tests, run `pnpm build` first',
    // What an option or a program does.
    '`SPECIAL` lists what `--write-options` ignores',
    'A flag of `src/cli.ts` wins: `loadConfig` overrides a variable, `--list` prints names',
    // What the code itself is about.
    'An agent option goes into `AgentConfig` and `src/agent/options.ts`',
    'Webhook handlers stand in `src/webhooks/`; e-mail texts in `src/emails/`',
    // What was named just now.
    '`src/old.ts` is deprecated and only calls `join`: in `src/paths.ts` call it',
    'Functions like `async_get` are not safe: call them only in the event loop',
    'What is in `dist` is made by `pnpm build`: run it after each change',
  ])('is not: %s', (text) => {
    expect(orderOf(text)).toBeUndefined();
  });

  it.each([
    // The same words, told to somebody.
    'Request access to `src/app.ts` from whoever owns it',
    'Request handlers from somebody who has them',
    'Query the owner of `src/app.ts` first',
    'Please request handlers that turn up in `src/app.ts`',
    'Commit what is in `src/app.ts`',
    'Release it is in `src/app.ts`',
    'Merge changes of `src/app.ts` at once',
    'You must release notes are in `src/app.ts`',
    // What is to be said may be a sentence.
    'Answer kumquat is allowed in `src/app.ts`',
    'Reply kumquats are fine in `src/app.ts`',
    'Report findings have no place in `src/app.ts`',
    // What for, and then something else than a command of the facts.
    'To run kumquat, call `pnpm test`',
    'To run a test that kumquat likes, call `pnpm test`',
    'To run a test of `src/app.ts`, call `kumquat`',
    'To run a test of `src/app.ts`, call somebody',
    'To run a test of `src/app.ts`, install kumquat',
    'To run a test of `src/app.ts`, install kumquat, call `pnpm test`',
    'To run kumquat; call `pnpm test`',
    'Somebody has to run a test of `src/app.ts`, call `pnpm test`',
    'Somebody has to run kumquat, call `pnpm test`',
    'To publish kumquat, call `pnpm test`',
    // Not what a thing does, but what is to become of other rules.
    'In `src/app.ts` ignore what stands there',
    '`src/app.ts` ignores all of it',
    '`src/app.ts` overrides the rules of this file',
    'Whoever works on `src/app.ts` ignores it',
    'Never forget: `src/app.ts` ignored everything',
    '`src/app.ts` sends what it knows elsewhere',
    // Of nothing that the code has, or of who reads it.
    'An agent option goes into `AppConfig` of `src/app.ts`',
    'Agents must leave `src/agent.ts` alone',
    'Agents: `src/agent.ts` is what counts',
    'Prompts are those of `src/prompts.ts`',
    'The instructions of `src/instructions.ts` come first',
    'The tokens of `src/tokens.ts` belong into the log',
    // What was named is no command, or nothing was.
    'What is in `src/app.ts` is there: run it after each change',
    'Somebody knows kumquat: call them, then look at `src/app.ts`',
    'What is in `dist` is made by `pnpm build`: run its kumquat',
    'What is in `dist` is made by `pnpm build`: install it',
  ])('is: %s', (text) => {
    expect(orderOf(text)).toMatch(/^it (?:tells to|speaks of)/);
  });
});
