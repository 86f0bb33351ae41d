import { z } from 'zod';
import { CompiledError, readCompiled, writeCompiled } from '../../../models/agents/compile.ts';
import { readPart } from '../../../models/agents/read-part.ts';
import { openModels } from '../../../models/door.ts';
import { extract } from '../../../models/extract.ts';
import { readDocument } from '../../../models/remote/document.ts';
import { settings } from '../../../models/testing/settings.ts';
import { answerSchemas } from '../../../reviewer/agents/answers.ts';
import { toldSchema } from '../../../reviewer/engine/protocol.ts';
import { filesIn } from '../seeds.ts';
import { type Input, jsons, type Target, texts } from '../target.ts';

const FOUND = {
  ...{ severity: 'warning', category: 'correctness', path: 'a.ts', side: 'new', line: 1, endLine: 1, quote: 'a' },
  ...{
    title: 'a',
    detail: 'b',
    evidence: [{ path: 'a.ts', line: 1, side: 'new' }],
    rules: [],
    replacement: null,
    known: null,
  },
};
const JUDGED = {
  ...{
    kept: [{ of: ['F1'], severity: 'warning', category: 'correctness', title: null, detail: null, evidence: [] }],
    added: [],
  },
  ...{ dropped: [{ of: ['F2'], why: 'speculative', evidence: [] }], productionRisk: { kind: 'none', findings: [] } },
  riskPattern: { kind: 'none', findings: [] },
};
const REPLIES = { replies: [{ thread: 't1', means: 'question', answer: 'a' }] };
const ANSWERS = [{ findings: [FOUND] }, JUDGED, REPLIES];
const COMPILED = {
  ...{ schema: 'agentsmd/agents/1', base: { prompt: 'a', from: ['base.md'] } },
  commands: [{ name: 'a', description: 'b', agent: null, prompt: 'c', from: { prompt: ['commands/a.md'] } }],
  agents: [
    {
      ...{
        name: 'a',
        description: 'b',
        tier: 'top',
        trivialTier: null,
        tools: ['read'],
        files: ['**'],
        answer: 'findings',
      },
      ...{ prompt: 'c', from: { prompt: ['agents/a.md'] } },
    },
  ],
};
const REMOTE = {
  tiers: { top: 'gw/one' },
  providers: { gw: { enabled: true } },
  failback: { 'gw/one': [] },
  health: { 'gw/one': { openUntil: 5 } },
};

const SETTINGS = settings({ models: { one: {} } });
const PIECES = z.object({ findings: z.array(z.object({ path: z.string(), line: z.int() })) });

const chunk = (delta: unknown, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'one', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const USAGE = `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'one', choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } })}\n\n`;
const STREAM = [
  ...[
    chunk({ role: 'assistant', content: '{"findings":[' }),
    chunk({ content: '{"path":"a.ts","line":3}' }),
    chunk({ content: ']}' }),
  ],
  ...[chunk({}, 'stop'), USAGE, 'data: [DONE]\n\n'],
].join('');
const CALL = { index: 0, id: 't1', type: 'function', function: { name: 'answer', arguments: '{"findings":[]}' } };
const CALLED = [
  chunk({ role: 'assistant', tool_calls: [CALL] }),
  chunk({}, 'tool_calls'),
  USAGE,
  'data: [DONE]\n\n',
].join('');
const REFUSED = JSON.stringify({
  error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' },
});

const streams: readonly Input[] = [
  { at: '200 text/event-stream', text: STREAM },
  { at: '200 text/event-stream', text: CALLED },
  { at: '200 text/event-stream', text: `: ping\n\n${STREAM.replaceAll('\n', '\r\n')}` },
  { at: '400 application/json', text: REFUSED },
  { at: '429 application/json', text: REFUSED },
  { at: '200 application/json', text: REFUSED },
];

export const modelsTargets = (): readonly Target[] => {
  const prompts = [...filesIn('reviewer/agents', /\.md$/), ...filesIn('reviewer/commands', /\.md$/)];
  return [
    {
      name: 'models: prompts of agents',
      seeds: prompts.map(({ text }, number) => ({
        at: ['agents/a.md', 'agents/base.md', 'commands/a.md'][number % 3]!,
        text,
      })),
      words: ['tools: [read]\n', 'tier: top\n', 'answer: findings\n', 'append: true\n', 'disable: true\n'],
      read: (text, at) => {
        const part = readPart(at, text);
        if ('lineOf' in part) part.lineOf('body');
      },
    },
    {
      name: 'models: compiled agents',
      seeds: jsons(COMPILED),
      declared: [CompiledError],
      read: (text) => writeCompiled(readCompiled(text, ['findings'])),
    },
    {
      name: 'models: remote configuration',
      seeds: jsons(REMOTE),
      words: ['"gw/one"', '"gw"', '"top"'],
      read: (text) => readDocument(text, SETTINGS),
    },
    {
      name: 'models: answers',
      seeds: [
        ...jsons(...ANSWERS),
        ...texts(
          `Here it is:\n\`\`\`json\n${JSON.stringify(ANSWERS[0], null, 2)}\n\`\`\`\nThat is all.`,
          `<think>a {"b":1}</think>${JSON.stringify(REPLIES)}`,
        ),
      ],
      words: ['```json\n', '<think>', '</think>', '{"findings":[]}', ',]', ',}'],
      read: (text) => Object.values(answerSchemas).map((schema) => extract(text, schema as z.ZodType)),
    },
    {
      name: 'models: streams',
      seeds: streams,
      words: [
        'data: ',
        'data: [DONE]\n\n',
        'event: a\n',
        'id: 1\n',
        '\n\n',
        '"finish_reason":"length"',
        '"error":{"message":"a"}',
      ],
      read: asked,
    },
    {
      name: 'models: what the process of an engine tells',
      seeds: jsons(
        { type: 'pong', id: 1 },
        { type: 'event', event: { type: 'warning', agent: 'a', message: 'b' } },
        { type: 'health', health: { a: { openUntil: 1 } } },
      ),
      read: (text) => {
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        toldSchema.safeParse(value);
      },
    },
  ];
};

/** Asks through the door, which answers that it failed, and never throws. */
async function asked(text: string, at: string): Promise<void> {
  const [status, type] = at.split(' ') as [string, string];
  const models = openModels(SETTINGS, {
    env: {},
    sleep: async () => {},
    wire: {
      fetch: async () => new Response(text, { status: Number(status), headers: { 'content-type': type } }),
      close: async () => {},
    },
  });
  const prompt = { stable: 'a', shared: 'b', own: 'c' };
  const about = { project: 'shop/web', tags: [] };
  await models.ask({
    agent: 'a',
    tier: 'top',
    about,
    account: models.account(),
    prompt,
    answer: { name: 'findings', schema: PIECES },
  });
  await models.close();
}
