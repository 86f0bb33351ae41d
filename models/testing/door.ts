import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type ModelServer, type ModelsOptions, startModels } from '../../test/models/index.ts';
import { type ModelsDeps, openModels } from '../door.ts';
import type { Account, Models, Question, Recorder, TranscriptEvent } from '../port.ts';
import type { Report } from '../room.ts';
import { settings } from './settings.ts';

const FINDINGS = z.object({ findings: z.array(z.object({ path: z.string(), line: z.int() })) });
export const ANSWER = { name: 'findings', schema: FINDINGS };
export const ONE = { findings: [{ path: 'src/pay.ts', line: 3 }] };

type Given = Parameters<typeof settings>[0];

/** A door to a double of an endpoint, with models `large` and `small`; the second takes over from the first. */
export async function openDoor(
  given: Given & { readonly server?: ModelsOptions; readonly deps?: Partial<ModelsDeps> } = {},
) {
  const { server: options, deps, provider, ...rest } = given;
  const server: ModelServer = await startModels({ models: { large: {}, small: {} }, ...options });
  server.script({ when: ['src/pay.ts'], needs: [], answer: ONE });
  const config = settings({
    models: { large: {}, small: {} },
    failback: { 'gw/large': ['gw/small'] },
    ...rest,
    provider: { baseUrl: server.url, keyEnv: 'GW_KEY', ...provider },
  });
  const reports: Report[] = [];
  const models = openModels(config, {
    env: { GW_KEY: server.key },
    telemetry: (report) => void reports.push(report),
    ...deps,
  });
  onTestFinished(async () => {
    await models.close();
    await server.close();
  });
  const bodies = () => server.requests.map(({ body }) => body as Body);
  return { server, models, reports, bodies, asked: () => server.requests.map(({ model }) => model) };
}

export interface Body {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly response_format?: { readonly json_schema: { readonly strict: boolean } };
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly tool_choice?: unknown;
  readonly max_tokens?: number;
  readonly store?: boolean;
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const PROMPT = {
  stable: 'You review code.',
  shared: 'The change is in src/pay.ts.',
  own: 'Find what is wrong.',
};

/** A question with everything that is not to the point. */
export function question<T>(models: Models, more: Partial<Question<T>> & { account?: Account } = {}): Question<T> {
  return {
    agent: 'quality',
    tier: 'standard',
    about: { project: 'shop/web', tags: [] },
    account: models.account(),
    prompt: PROMPT,
    ...more,
  };
}

export function recording(): Recorder & { readonly events: TranscriptEvent[]; of(type: string): TranscriptEvent[] } {
  const events: TranscriptEvent[] = [];
  return {
    events,
    write: (event) => void events.push(event),
    of: (type) => events.filter((event) => event.type === type),
  };
}
