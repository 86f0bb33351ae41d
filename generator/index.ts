import { analyze, survey } from '../facts/index.ts';
import type { RepoReader } from '../forge/reader.ts';
import { GENERATE_DEFAULTS } from './config.ts';
import { withoutGuides } from './documents/guides.ts';
import { drafted } from './draft/index.ts';
import { documentsOf, draftsOf, NOTHING, notWorthReading, worthReading } from './drafts.ts';
import { entriesOf } from './refresh/entries.ts';
import { refresh } from './refresh/index.ts';
import { ledgerOf, madeEntry } from './refresh/ledger.ts';
import { render } from './render.ts';
import type { GenerateOptions, GenerateResult } from './result.ts';
import { chooseRules, NO_RULES } from './sections/rules.ts';

export type { GeneratedFile, GenerateOptions, GenerateResult } from './result.ts';

/**
 * Writes the AGENTS.md of a repository from its facts, without a model: compose, ground, and bring it into the file that
 * is there. The same commit gives the same bytes.
 *
 * @throws {LedgerError} where the ledger is no ledger, {DocumentError} where a document cannot be rewritten without harm.
 */
export function generate(reader: RepoReader, options: GenerateOptions): Promise<GenerateResult> {
  return options.fresh ? afresh(reader, options) : refresh(reader, options);
}

async function afresh(
  reader: RepoReader,
  {
    config = GENERATE_DEFAULTS,
    facts: known,
    history,
    version = '',
    codex,
    catalog,
    learned,
    drafter,
  }: GenerateOptions,
): Promise<GenerateResult> {
  const surveyed = drafter && (await survey(reader, { agentDocs: false }));
  const { facts, problems } = surveyed?.facts ?? known ?? (await analyze(reader, { agentDocs: false }));
  const rules =
    codex === undefined || codex === 'unreachable'
      ? NO_RULES
      : await chooseRules(codex, reader, { facts, file: 'AGENTS.md', most: config.rules, learned });
  const [plain, ...packages] = await draftsOf(facts, reader, {
    config,
    rules,
    learned,
    ...(history === undefined ? {} : { history }),
    ...(typeof catalog === 'object' ? { catalog } : {}),
  });
  const none = { mode: 'fresh', changes: [], reports: [], problems } as const;
  if (!worthReading(plain)) {
    return {
      ...none,
      files: [],
      items: [],
      omitted: notWorthReading(plain),
      nothing: NOTHING,
      ledger: ledgerOf(version, {}),
    };
  }
  const { draft: root, report } = surveyed
    ? await drafted(plain, {
        ...{ drafter, limits: config, survey: surveyed, reader, documents: () => documentsOf(reader) },
        sees: await withoutGuides(reader),
        codex: typeof codex === 'object' ? codex : undefined,
        ...{ merged: null, open: null, standing: [] },
      })
    : { draft: plain };
  const drafts = [root, ...packages];
  const existing = await reader.read(drafts.map(({ path }) => path));
  const made = await Promise.all(
    drafts.map(async ({ path, items, basis }) => {
      const entry = madeEntry(await entriesOf(items, reader));
      return [path, basis === undefined ? entry : { ...entry, draft: basis }] as const;
    }),
  );
  return {
    ...none,
    files: drafts.map(({ path, items }) => {
      const read = existing.get(path);
      return {
        path,
        text: render(items),
        existing: read?.ok ? `${read.bom === 'utf-8' ? '\uFEFF' : ''}${read.text}` : null,
      };
    }),
    items: drafts.flatMap(({ items }) => items),
    omitted: drafts.flatMap(({ omitted }) => omitted),
    ledger: ledgerOf(version, Object.fromEntries(made)),
    ...(report === undefined ? {} : { draft: report }),
  };
}
