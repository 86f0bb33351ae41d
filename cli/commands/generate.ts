import { locateRepository } from '../../forge/git/locate.ts';
import type { History } from '../../forge/history.ts';
import { instancesFrom } from '../../forge/instances.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { type GeneratedFile, type GenerateOptions, type GenerateResult, generate } from '../../generator/index.ts';
import { ledgerFile } from '../../generator/refresh/ledger-file.ts';
import { openKnownCatalog, servers, withCatalog } from '../catalog-context.ts';
import { codexFor } from '../codex-context.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { Config } from '../config/slices.ts';
import { diffText, terminalDiff } from '../diff-text.ts';
import { openDrafting } from '../drafting.ts';
import { UsageError } from '../errors.ts';
import { couldBeProject, projectAddress } from '../forges.ts';
import { configAsked, generateOfProject, publishOne } from '../generate-project.ts';
import { explanationText, filesText } from '../generate-text.ts';
import { localProject } from '../local-project.ts';
import { openTarget, openTargetHistory } from '../open-target.ts';
import { writeOutFile } from '../out-file.ts';
import type { Output } from '../output.ts';
import { printable, printableLine } from '../printable.ts';
import { warnOfProblems } from '../problems.ts';
import { version } from '../version.ts';
import { type NewFile, type Written, writeWorkingTree } from '../working-tree.ts';

/** What is done with the result: exactly one of these, `print` when no option names another. */
type Mode = 'print' | 'write' | 'diff' | 'explain' | 'publish' | 'dryRun' | 'out';

/** Writes or refreshes the AGENTS.md of a repository: to stdout, or where an option says. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const mode = modeOf(input);
  const repo = input.argument('repo') ?? '.';
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const project = projectAddress(repo, loaded, process.env);
  if (!project && mode !== 'write' && couldBeProject(repo) && hasInstance(loaded))
    out.note(`${repo} is a folder here, and that is meant; of a project of GitLab give the whole address`);
  if (project || mode === 'publish' || mode === 'dryRun') assertRemote(input, mode);
  if (mode === 'publish' || mode === 'dryRun')
    return await publishOne(input, loaded, project ?? { folder: repo }, mode === 'dryRun');
  const root = mode === 'write' ? await workingTreeOf(input) : '';
  const { result, ledger } = project
    ? { result: await generateOfProject(input, loaded, project), ledger: undefined }
    : await generateFor(input, loaded, mode);

  const written = mode === 'write' ? writeAll(root, result, ledger) : [];
  const file = input.text('out');
  if (mode === 'out' && file !== undefined && file !== '-') writeFile(file, result, out);

  if (out.json) out.document(documentOf(result, mode, written));
  else if (mode === 'write') reportWritten(written, out);
  else if (mode !== 'out' || file === '-') out.result(resultText(result, mode, out));
  if (result.nothing !== undefined) out.note(`nothing to write: ${result.nothing}`);
  if (mode !== 'explain') warnOfReports(result, out);
  tellOfDraft(result, out);
  warnOfProblems(result.problems, out);
  return 0;
};

/** Whether `group/name` could be a project of somewhere. */
function hasInstance({ values }: LoadedConfig): boolean {
  return instancesFrom(values.gitlab, process.env).length > 0;
}

function modeOf(input: CommandInput): Mode {
  const dryRun = input.flag('dryRun');
  const chosen = (['write', 'diff', 'explain', 'publish'] as const).filter((name) => input.flag(name));
  const modes: readonly Mode[] = input.text('out') === undefined ? chosen : [...chosen, 'out'];
  if (modes.length > 1) throw new UsageError(`${modes.map((each) => `--${each}`).join(' and ')} exclude each other`);
  if (dryRun && modes[0] !== undefined && modes[0] !== 'publish')
    throw new UsageError(`--dry-run is about --publish; --${modes[0]} sends nothing`);
  if (input.flag('adopt') && input.flag('fresh')) throw new UsageError('--adopt and --fresh exclude each other');
  return dryRun ? 'dryRun' : (modes[0] ?? 'print');
}

/** @throws {UsageError} for what goes with a local repository alone, or with a file that is only printed. */
function assertRemote(input: CommandInput, mode: Mode): void {
  if (mode === 'write')
    throw new UsageError('--write goes into a working tree; --publish opens a merge request, --out FILE writes a file');
  if (input.text('rev') !== undefined)
    throw new UsageError('--rev is for local repositories that are only read: a project is read at its default branch');
  if (input.flag('fresh') && (mode === 'publish' || mode === 'dryRun'))
    throw new UsageError('--fresh would undo what people wrote; --publish never does');
}

/** The top of the working tree that `--write` writes into. */
async function workingTreeOf(input: CommandInput): Promise<string> {
  if (input.text('rev') !== undefined) {
    throw new UsageError('--write goes into the working tree, and --rev reads another commit; use --out FILE instead');
  }
  const repo = input.argument('repo') ?? '.';
  const { worktree } = await locateRepository(repo);
  if (worktree === null)
    throw new UsageError(`${repo}: a bare repository has no working tree to write into; use --out FILE`);
  return worktree;
}

/** The result, and for `--write` the ledger to go with it: what is only proposed never changes a ledger. */
async function generateFor(
  input: CommandInput,
  loaded: LoadedConfig,
  mode: Mode,
): Promise<{ readonly result: GenerateResult; readonly ledger: GeneratedFile | undefined }> {
  const { values } = loaded;
  const known = values.generate.rules === 0 ? undefined : await codexFor(input, loaded);
  const reader = await openTarget(input, values);
  try {
    const history = await historyFor(input, values);
    const adopt = input.flag('adopt');
    const catalog = await localCatalog(input, loaded, reader);
    const codex = await withCatalog(known, catalog);
    const drafter = await localDrafter(input, loaded, catalog);
    const result = await generate(reader, {
      fresh: input.flag('fresh'),
      adopt,
      version: version(),
      config: configAsked(input, values.generate),
      ...(history === undefined ? {} : { history }),
      ...(codex === undefined ? {} : { codex }),
      ...(catalog === undefined ? {} : { catalog }),
      ...(drafter === undefined ? {} : { drafter }),
    });
    return { result, ledger: mode === 'write' ? await ledgerFile(reader, result, adopt) : undefined };
  } finally {
    await reader.close();
  }
}

async function localDrafter(
  input: CommandInput,
  loaded: LoadedConfig,
  catalog: GenerateOptions['catalog'],
): Promise<GenerateOptions['drafter']> {
  const drafting = await openDrafting(loaded, input);
  if (!drafting) return undefined;
  const { path } = await localProject(input.argument('repo') ?? '.', servers(loaded));
  return drafting.drafterFor(path, catalog);
}

async function localCatalog(
  input: CommandInput,
  loaded: LoadedConfig,
  reader: RepoReader,
): Promise<GenerateOptions['catalog']> {
  if (loaded.values.catalog.from === 'none') return undefined;
  const project = await localProject(input.argument('repo') ?? '.', servers(loaded));
  return (await openKnownCatalog(loaded, [{ project, reader }], input.out)).contextOf(project);
}

/** Half a history would make the file depend on how the repository was cloned. */
async function historyFor(input: CommandInput, values: Config): Promise<History | undefined> {
  if (!input.flag('history') || values.generate.history === 0) return undefined;
  const history = await openTargetHistory(input);
  if (history.complete) return history;
  input.out.note('a shallow clone: nothing is said of files that change together (git fetch --unshallow)');
  return undefined;
}

/** Files first, the ledger last: it must never know of a bullet that is not there. */
function writeAll(
  root: string,
  { mode, files }: GenerateResult,
  ledger: GeneratedFile | undefined,
): readonly Written[] {
  const all: readonly NewFile[] = [
    // Afresh, whatever is there is replaced.
    ...(mode === 'fresh' ? files.map(({ path, text }) => ({ path, text })) : files),
    ...(ledger ? [ledger] : []),
  ];
  return writeWorkingTree(root, all, true);
}

function writeFile(file: string, { files: [root, ...others] }: GenerateResult, out: Output): void {
  if (root === undefined) return;
  writeOutFile(file, root.text);
  out.note(`wrote ${file}${others.length > 0 ? `; ${others.length} more for packages: --write writes all` : ''}`);
}

function documentOf(result: GenerateResult, mode: Mode, written: readonly Written[]): object {
  const { mode: how, files, items, omitted, changes, reports, nothing, problems, draft } = result;
  return {
    schema: 'agentsmd/generate/1',
    mode: how,
    files,
    items,
    omitted,
    changes,
    reports,
    ...(nothing === undefined ? {} : { nothing }),
    problems,
    ...(draft === undefined ? {} : { draft }),
    ...(mode === 'write' ? { written } : {}),
    ...(mode === 'diff' ? { diff: diffText(files) } : {}),
  };
}

function reportWritten(written: readonly Written[], out: Output): void {
  for (const { path, outcome } of written)
    out.note(outcome === 'unchanged' ? `${path} is up to date` : `${outcome} ${path}`);
}

/** What a model had to do with it; without one there is nothing to be told. */
function tellOfDraft({ draft }: GenerateResult, out: Output): void {
  if (draft?.problem !== undefined)
    out.warn(`no language model had a part in it: ${printableLine(draft.problem)}; it is what facts alone say`);
  else if (draft?.kind === 'asked')
    out.note(
      `${printableLine(draft.model ?? '')}: ${draft.written.length} bullets of a model, ${draft.refused.length} refused (--explain); ${draft.tokens} tokens`,
    );
}

function warnOfReports({ reports }: GenerateResult, out: Output): void {
  for (const { path, line, rule, message } of reports)
    out.warn(`${printableLine(path)}:${line}: ${rule === undefined ? '' : `${rule} `}${printableLine(message)}`);
}

/** Exactly the bytes where a file or a program reads them; for a terminal without what it would obey. */
function resultText(result: GenerateResult, mode: Mode, out: Output): string {
  if (mode === 'explain') return explanationText(result, out.style);
  if (mode === 'diff') {
    const diff = diffText(result.files);
    return out.isTerminal ? terminalDiff(diff, out.style) : diff;
  }
  const text = mode === 'out' ? (result.files[0]?.text ?? '') : filesText(result.files, out.style);
  return out.isTerminal ? printable(text) : text;
}
