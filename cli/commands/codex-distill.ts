import { mkdirSync } from 'node:fs';
import { changelogMarkdown } from '../../codex/distill/changelog.ts';
import type { CodexTexts } from '../../codex/import/index.ts';
import type { Forge } from '../../forge/port.ts';
import type { WriteRequest } from '../../forge/write-request.ts';
import { type Asked, askDistillation } from '../codex-distill-ask.ts';
import { distillSummary, distillWarnings } from '../codex-distill-text.ts';
import { type CodexTarget, distillWish } from '../codex-distill-wish.ts';
import { codexProject, type ProposedCodex } from '../codex-propose.ts';
import { textsIn, textsOf } from '../codex-texts.ts';
import type { CommandInput, CommandModule, ExitCode } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { assertOwnConfig, assertOwnModels } from '../config/servers.ts';
import { diffText, terminalDiff } from '../diff-text.ts';
import { withGitlab } from '../forges.ts';
import { printable, printableLine } from '../printable.ts';
import { requestsText } from '../publish-text.ts';
import { writeWorkingTree } from '../working-tree.ts';

/** Has language models take rules from written standards, and holds all that they say against the text. */
export const run: CommandModule['run'] = async (input) => {
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { target, ...wish } = await distillWish(input, loaded);
  // Keys of providers, and the texts of the documents, go to whom it names.
  assertOwnModels(loaded);
  const ask = (codex: CodexTexts): Promise<Asked> => askDistillation({ ...wish, target }, codex, loaded, input.out);
  for (const note of wish.notes) input.out.warn(printableLine(note));
  if (wish.url === undefined && wish.inside === undefined)
    input.out.note(
      'the documents lie outside of the codex: without --source-url, codex lint cannot find the sources of its rules',
    );
  if (target.kind === 'folder') return tell(input, await intoFolder(input, target.folder, ask));
  assertOwnConfig(loaded);
  const requests: WriteRequest[] = [];
  const record = input.flag('dryRun') ? (request: WriteRequest) => void requests.push(request) : undefined;
  const use = (forge: Forge): Promise<Outcome> => intoProject(input, forge, target, wish.name, ask);
  const done = await withGitlab(target.address.instance, use, input.out, record);
  return tell(input, record === undefined ? done : { ...done, requests });
};

/** What was done, for people and programs. */
interface Outcome {
  readonly asked: Asked;
  /** As it was. */
  readonly codex: CodexTexts;
  readonly written: boolean;
  readonly proposed?: ProposedCodex | undefined;
  /** What a dry run would have sent. */
  readonly requests?: readonly WriteRequest[];
  /** For people. */
  readonly where: string;
}

type Ask = (codex: CodexTexts) => Promise<Asked>;

async function intoFolder(input: CommandInput, folder: string, ask: Ask): Promise<Outcome> {
  const codex = await textsOf(folder);
  const asked = await ask(codex);
  const { files } = asked.result;
  const written = input.flag('write') && !input.flag('dryRun') && files.length > 0;
  if (written) {
    mkdirSync(folder, { recursive: true });
    writeWorkingTree(
      folder,
      files.map(({ path, text }) => ({ path, text, existing: codex.get(path) ?? null })),
      true,
    );
  }
  return { asked, codex, written, where: folder };
}

async function intoProject(
  input: CommandInput,
  forge: Forge,
  { address, folder, rev }: Extract<CodexTarget, { kind: 'project' }>,
  name: string,
  ask: Ask,
): Promise<Outcome> {
  const place = await codexProject(forge, address.path, { folder, rev });
  const codex = await codexAt(forge, place, folder);
  const asked = await ask(codex);
  const proposed = input.flag('publish') ? await place.propose(asked.result, codex, name) : undefined;
  return { asked, codex, written: false, proposed, where: place.project.path };
}

async function codexAt(
  forge: Forge,
  { project, head }: Awaited<ReturnType<typeof codexProject>>,
  folder: string,
): Promise<CodexTexts> {
  if (head === null) return new Map();
  const reader = await forge.open(project, head, { limits: { fileBytes: 4 << 20, totalBytes: 512 << 20 } });
  try {
    return await textsIn(reader, folder);
  } finally {
    await reader.close();
  }
}

/** Sections were not read: exit code 3, with everything else done. */
class UnreadSections extends Error {
  override readonly name = 'UnreadSections';
  readonly exitCode = 3;

  constructor(count: number) {
    const what = count === 1 ? '1 section was' : `${count} sections were`;
    super(`${what} not read; their rules are as they were. Run it again: what was answered is not asked again`);
  }
}

function tell(input: CommandInput, outcome: Outcome): ExitCode {
  const { out } = input;
  const { asked, codex, requests } = outcome;
  const { result } = asked;
  if (out.json) out.document(documentOf(outcome, input.flag('dryRun')));
  else if (requests !== undefined && input.flag('publish')) out.result(requestsText(requests, out.style));
  else if (input.flag('diff')) {
    const changes = result.files.map(({ path, text }) => ({ path, text, existing: codex.get(path) ?? null }));
    out.result(terminalDiff(diffText(changes), out.style));
  } else out.result(printable(changelogMarkdown(result.changes)));
  for (const warning of distillWarnings(result)) out.warn(warning);
  out.note(distillSummary(asked, doneText(outcome)));
  if (result.failed.length > 0) throw new UnreadSections(result.failed.length);
  return result.ambiguous.length > 0 ? 1 : 0;
}

function doneText({ asked, written, proposed, requests, where }: Outcome): string {
  const { length } = asked.result.files;
  if (length === 0) return 'nothing to write';
  if (requests !== undefined && proposed) return 'nothing was sent';
  if (proposed) return `merge request ${proposed.outcome}: ${proposed.mergeRequest.url}`;
  return `${written ? 'wrote' : 'would write'} ${length} files to ${where}`;
}

function documentOf({ asked, written, proposed, requests }: Outcome, dryRun: boolean): object {
  const { result, asked: questions, kept, tokens, cost } = asked;
  const { files, changes, ids, counts, ...open } = result;
  return {
    schema: 'agentsmd/codex-distill/1',
    ...{ dryRun, written, counts, changes, ids },
    changelog: changelogMarkdown(changes),
    ...open,
    files: files.map(({ path }) => path),
    spent: { asked: questions, kept, tokens, cost },
    mergeRequest:
      proposed && requests === undefined ? { outcome: proposed.outcome, url: proposed.mergeRequest.url } : null,
    ...(requests === undefined ? {} : { requests }),
  };
}
