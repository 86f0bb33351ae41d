import { type MemoryFile, memoryRepository } from '../../../forge/memory.ts';
import type { RepoReader } from '../../../forge/reader.ts';
import type { Answer } from '../../../models/port.ts';
import { askedTwice } from '../again.ts';
import type { DraftAnswer, Drafter, Proposed } from '../port.ts';

/** A small shop in which a few things are as nobody would guess. */
export const SHOP: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify(
    {
      name: 'shop',
      packageManager: 'pnpm@10.2.0',
      engines: { node: '>=22' },
      scripts: { build: 'tsc -b', test: 'vitest run', lint: 'eslint .', generate: 'prisma generate', dev: 'vite' },
      devDependencies: { vitest: '4.0.0', eslint: '9.0.0', typescript: '5.9.0', vite: '7.0.0' },
    },
    null,
    2,
  ),
  'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n',
  'README.md': '# Shop\n\nSells things.\n\nPrices stand in `src/prices.ts`.\n',
  'docs/history.md': '# History\n\nEverything in `src/legacy/` was written in a hurry.\n',
  '.gitattributes': 'src/gen/** linguist-generated\n',
  'src/gen/api.ts': 'export {};\n',
  'src/app.ts':
    "import { orders } from './routes/orders.ts';\nimport { users } from './routes/users.ts';\n\nexport const app = createApp();\napp.mount(orders); // one line for each of the routes\napp.mount(users);\n",
  'src/routes/orders.ts': 'export const orders = route("orders");\n',
  'src/routes/users.ts': 'export const users = route("users");\n',
  'src/errors.ts':
    '/** Wraps every error that leaves a route; never throw a plain Error there. */\nexport class AppError extends Error {}\n',
  'src/legacy/index.ts': '// Frozen: do not change anything here, src/core/ replaces it.\nexport const total = 12;\n',
  'src/core/index.ts': 'export const total = 12;\n',
  'src/prices.ts': 'export const prices = {};\n',
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`src/shop/m${i}.ts`, 'export {};\n'])),
  ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`tests/shop/m${i}.test.ts`, 'export {};\n'])),
};

export const shop = (more: Readonly<Record<string, MemoryFile>> = {}): RepoReader =>
  memoryRepository({ ...SHOP, ...more }, { commit: 'c'.repeat(40) });

/** A bullet that is true, useful and proven. */
export const ROUTES: Proposed = {
  section: 'How to navigate this codebase',
  text: 'Routes stand in `src/routes/`; each is mounted with `app.mount` in `src/app.ts`',
  evidence: [
    { path: 'src/app.ts', line: 5, quote: 'app.mount(orders); // one line for each of the routes' },
    { path: 'src/routes/orders.ts', line: 1, quote: 'export const orders = route("orders");' },
  ],
};
export const ERRORS: Proposed = {
  section: 'Conventions',
  text: 'Wrap what leaves a route in `AppError`, never throw a plain `Error`',
  evidence: [
    {
      path: 'src/errors.ts',
      line: 1,
      quote: 'Wraps every error that leaves a route; never throw a plain Error there.',
    },
    { path: 'src/errors.ts', line: 2, quote: 'export class AppError extends Error {}' },
  ],
};
export const LEGACY: Proposed = {
  section: 'Boundaries',
  text: 'Leave `src/legacy/` as it is: `src/core/` replaces it',
  evidence: [
    { path: 'src/legacy/index.ts', line: 1, quote: 'Frozen: do not change anything here, src/core/ replaces it.' },
  ],
};

/** A model that says what it is given, and counts how often it is asked; sent back, it says `second`, or is not asked again. */
export function sayingDrafter(
  first: Partial<DraftAnswer> | Error,
  id = 'one',
  second?: Partial<DraftAnswer> | Error,
): Drafter & { readonly asked: string[] } {
  const asked: string[] = [];
  const say = async (material: string): Promise<Answer<DraftAnswer>> => {
    asked.push(material);
    const answer = asked.length > 1 && second !== undefined ? second : first;
    if (answer instanceof Error) throw answer;
    const value = { phrased: [], order: [], proposed: [], ...answer };
    const usage = { inputTokens: 100, cachedTokens: 0, outputTokens: 20, reasoningTokens: 0, estimated: false };
    return { kind: 'answer', value, model: 'gw/large', usage, cost: null, calls: 1, ms: 1 };
  };
  return {
    id,
    asked,
    ask: async (material, _, mend) =>
      second === undefined ? await say(material) : await askedTwice(say, material, mend),
  };
}
