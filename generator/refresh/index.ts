import { type Survey, survey } from '../../facts/index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { GENERATE_DEFAULTS } from '../config.ts';
import type { AgentDocument } from '../documents/document.ts';
import { findDocuments } from '../documents/find.ts';
import { drafted } from '../draft/index.ts';
import type { DraftReport } from '../draft/port.ts';
import { type Draft, documentsOf, draftsOf, NOTHING, notWorthReading, worthReading } from '../drafts.ts';
import type { Item, Omitted } from '../item.ts';
import { RULE_KEY } from '../item.ts';
import type { GenerateOptions, GenerateResult } from '../result.ts';
import { CATALOG_KEY } from '../sections/dependencies.ts';
import { chooseRules, NO_RULES, type RuleChoice } from '../sections/rules.ts';
import { adoptedLedger } from './adopt.ts';
import { outlineOf } from './bullets.ts';
import { COMPANION, COMPANION_ENTRY, companionOf } from './companion.ts';
import { baseOf, type RefreshedFile, type Run, refreshFile } from './file.ts';
import { type Ledger, LedgerError, type LedgerFile, LedgerFolderError, ledgerOf, sameEntry } from './ledger.ts';
import { readLedger } from './ledger-file.ts';
import { withMoved } from './moved.ts';
import { withoutOurs } from './ours.ts';
import { type FileChange, falseLines } from './report.ts';
import { type Target, targetOf } from './target.ts';

/** Brings what is true today into the agent documents of a repository; people's lines stay. Reads only. */
export async function refresh(reader: RepoReader, options: GenerateOptions): Promise<GenerateResult> {
  const { config = GENERATE_DEFAULTS, history, codex, catalog, learned } = options;
  const found = await findDocuments(reader);
  const ledger = await ledgerFor(reader, found.documents, options);
  const target = await targetOf('', found, reader);
  // What we wrote ourselves proves nothing, and is no reason to leave it out.
  const people = withoutOurs(reader, found.documents, ledger?.files ?? {});
  const surveyed = await survey(people, { dependencies: found.documents.length > 0 });
  const dirs = Object.keys(ledger?.files ?? {}).flatMap((path) =>
    path.endsWith('/AGENTS.md') && surveyed.paths.has(path) ? [path.slice(0, -'/AGENTS.md'.length)] : [],
  );
  const rules = await rulesFor(people, surveyed, config.rules, options);
  const drafts = await draftsOf(surveyed.facts.facts, people, {
    config,
    dirs,
    rules,
    learned,
    merged: new Set(Object.values(ledger?.files ?? {}).flatMap(({ items }) => items.map(({ key }) => key))),
    ...(history === undefined ? {} : { history }),
    ...(typeof catalog === 'object' ? { catalog } : {}),
  });
  const run: Run = {
    reader,
    people,
    found,
    ledger,
    surveyed,
    withHistory: history !== undefined,
    rules: {
      isOpen: (key) =>
        (key.startsWith(RULE_KEY) && (codex === 'unreachable' || rules.undecided.has(key))) ||
        (key.startsWith(CATALOG_KEY) && (catalog === 'unreachable' || catalog?.stale !== undefined)),
      chosen: typeof codex === 'object' && codex.chosen,
    },
  };
  const [plain, ...packages] = drafts;
  const { draft: root, report } = await draftedRoot(plain, target, run, options);
  const files = [await refreshFile(root, target, run)];
  // People who have a file decide what stands where: packages get one of their own only beside a root file of ours.
  const adopted = files[0]!.outcome?.next?.origin !== 'generated';
  for (const draft of packages) {
    const its = await targetOf(draft.dir, found, reader);
    if (its.kind !== 'absent' || !adopted) files.push(await refreshFile(draft, its, run));
  }
  const result = await resultOf(files, run, options);
  return report === undefined ? result : { ...result, draft: report };
}

/** The root's draft with what a model has to do with it, where it will be written at all. */
async function draftedRoot(
  plain: Draft,
  target: Target,
  { people, surveyed, ledger }: Run,
  { config = GENERATE_DEFAULTS, codex, drafter, open }: GenerateOptions,
): Promise<{ readonly draft: Draft; readonly report?: DraftReport }> {
  const base = baseOf(plain, target, ledger?.files ?? {});
  const stays = target.kind === 'absent' && (base !== null || !worthReading(plain));
  if (target.kind === 'left' || stays) return { draft: plain };
  return await drafted(plain, {
    ...{ drafter, limits: config, survey: surveyed, reader: people, documents: () => documentsOf(people) },
    sees: people,
    codex: typeof codex === 'object' ? codex : undefined,
    merged: base?.entry ?? null,
    open: baseOf(plain, target, open?.files ?? {})?.entry ?? null,
    standing: target.kind === 'document' ? outlineOf(target.document.text).bullets.map(({ text }) => text) : [],
  });
}

function rulesFor(
  people: RepoReader,
  { facts, paths, signals }: Survey,
  most: number,
  { codex, learned }: Pick<GenerateOptions, 'codex' | 'learned'>,
): RuleChoice | Promise<RuleChoice> {
  if (codex === undefined || codex === 'unreachable') return NO_RULES;
  const dependencies = signals.filter((signal) => signal.kind === 'dependency');
  // Not asked for where there is no document: then the stack reads them itself.
  const known = dependencies.length > 0 ? { paths, dependencies } : { paths };
  return chooseRules(codex, people, { facts: facts.facts, file: 'AGENTS.md', most, known, learned });
}

/** The repository's own ledger, unless another one is given, as far as it still holds. */
async function ledgerFor(
  reader: RepoReader,
  documents: readonly AgentDocument[],
  { ledger: given, adopt = false }: GenerateOptions,
): Promise<Ledger | null> {
  const ledger = given === undefined ? await ownLedger(reader, adopt) : given;
  if (ledger === null) return null;
  const paths = new Set((await reader.paths()).map(({ path }) => path));
  const moved = withMoved(ledger, documents, (path) => paths.has(path));
  return adopt ? adoptedLedger(moved, documents) : moved;
}

/** @param adopt do without one that cannot be used. */
async function ownLedger(reader: RepoReader, adopt: boolean): Promise<Ledger | null> {
  try {
    return (await readLedger(reader))?.ledger ?? null;
  } catch (error) {
    if (adopt && error instanceof LedgerError && !(error instanceof LedgerFolderError)) return null;
    throw error;
  }
}

async function resultOf(
  refreshed: readonly RefreshedFile[],
  run: Run,
  { config = GENERATE_DEFAULTS, version = '', history, adopt = false }: GenerateOptions,
): Promise<GenerateResult> {
  const [root] = refreshed as readonly [RefreshedFile, ...RefreshedFile[]];
  const files = refreshed.flatMap(({ file }) => file ?? []);
  const companion =
    config.companion === 'claude' ? await companionOf(files[0]?.path, run.ledger, run.reader) : undefined;
  const documents = refreshed.flatMap(({ document }) => document ?? []);
  const lies = await falseLines(documents, run.found.documents, run.reader, run.surveyed, history);
  const nothing = root.outcome === undefined && root.reports.length === 0;
  return {
    mode: modeOf(root, nothing, adopt),
    files: companion ? [...files, companion] : files,
    items: refreshed.flatMap(ownItems),
    omitted: nothing ? notWorthReading(root.draft) : refreshed.flatMap(leftOut),
    changes: refreshed.flatMap(({ path, outcome }) =>
      (outcome?.changes ?? []).map((change): FileChange => ({ ...change, path })),
    ),
    reports: [...refreshed.flatMap(({ reports }) => reports), ...lies],
    ledger: nextLedger(refreshed, run, version, companion !== undefined),
    was: run.ledger,
    stack: stackOf(run.surveyed.facts),
    ...(nothing ? { nothing: NOTHING } : {}),
    problems: run.surveyed.facts.problems,
  };
}

/** Of the root: `typescript`, `pnpm`. */
function stackOf({ facts }: Survey['facts']): readonly string[] {
  const told = facts.filter(({ key, dir }) => dir === '' && (key === 'language' || key === 'package-manager'));
  return [...new Set(told.map(({ value }) => value.toLowerCase().split('@')[0]!.trim()))];
}

function modeOf({ outcome }: RefreshedFile, nothing: boolean, adopt: boolean): GenerateResult['mode'] {
  if (outcome === undefined) return nothing ? 'new' : 'adopt';
  if (adopt && outcome.mode === 'refresh') return 'adopt';
  return outcome.mode === 'deleted' ? 'refresh' : outcome.mode;
}

/** The bullets that are ours in a file as it will be. */
function ownItems({ draft, path, outcome }: RefreshedFile): readonly Item[] {
  const ours = new Set(outcome?.next?.items.map(({ text }) => text));
  return draft.items.filter(({ text }) => ours.has(text)).map((item) => ({ ...item, file: path }));
}

function leftOut({ draft, outcome }: RefreshedFile): readonly Omitted[] {
  const evidence = new Map(draft.items.map((item) => [item.text, item.evidence]));
  const said = (outcome?.changes ?? []).flatMap(({ kind, key, reason = '' }): readonly Omitted[] => {
    const item = draft.items.find((each) => each.key === key);
    return kind === 'said' && item ? [{ text: item.text, reason, evidence: evidence.get(item.text) ?? [] }] : [];
  });
  return [...draft.omitted, ...said];
}

/** The ledger as it will be: entries of files that this run did not touch stay, unless their folder is gone. */
function nextLedger(refreshed: readonly RefreshedFile[], run: Run, version: string, companion: boolean): Ledger {
  const before = run.ledger?.files ?? {};
  const files = new Map<string, LedgerFile>(
    Object.entries(before).filter(
      ([path]) => !path.includes('/') || run.surveyed.paths.hasDir(path.slice(0, path.lastIndexOf('/'))),
    ),
  );
  for (const { path, outcome, base } of refreshed) {
    if (!outcome) continue;
    if (base) files.delete(base.path);
    const next = sameEntry(outcome.next, base?.entry ?? null) ? (base?.entry ?? null) : outcome.next;
    if (next) files.set(path, next);
  }
  if (companion) files.set(COMPANION, COMPANION_ENTRY);
  const same = files.size === Object.keys(before).length && [...files].every(([path, entry]) => before[path] === entry);
  return run.ledger && same ? run.ledger : ledgerOf(version, Object.fromEntries(files));
}
