import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IDS_PATH, serializeIdLedger } from '../../codex/ids.ts';
import { type IdUpdate, updateLedger } from '../../codex/ids-update.ts';
import { loadCodexFiles } from '../../codex/load.ts';
import type { CodexFiles } from '../../codex/read-codex.ts';
import { codexArgument, folderToWrite } from '../codex-folder.ts';
import type { CommandModule } from '../command.ts';
import { idsSummary, idsText, problemsText } from '../ids-text.ts';
import { writeWorkingTree } from '../working-tree.ts';

/** Compares the rules of a codex with the ledger of its IDs. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const source = await codexArgument(input);
  const root = input.flag('write') ? folderToWrite(source) : undefined;
  const before = root === undefined ? null : textOf(join(root, IDS_PATH));
  const files = await loadCodexFiles(source);
  const update = updateLedger(files.codex.rules, files.ledger);
  const unread = unreadRules(files);
  const refused = update.refused.length > 0 || unread.length > 0;
  const behind = update.changes.length > 0 || files.ledger === undefined;
  const write = root !== undefined && !refused && behind;
  if (write) {
    const text = serializeIdLedger(update.ledger);
    writeWorkingTree(root, [{ path: IDS_PATH, text, existing: before }], true);
  }
  if (out.json) out.document(documentOf(files, update, unread, write));
  else {
    out.result(idsText(update, out.style));
    out.result(problemsText(unread));
  }
  out.note(idsSummary({ update, unread: unread.length, ledger: files.ledger, written: write }));
  return refused || (behind && !write) ? 1 : 0;
};

/** A rule that cannot be read would be entered as removed, or be left out and its ID be given away again. */
function unreadRules({ codex }: CodexFiles): CodexFiles['codex']['problems'] {
  return codex.problems.filter(({ kind }) => kind !== 'manifest');
}

function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function documentOf(
  { codex }: CodexFiles,
  { changes, refused }: IdUpdate,
  problems: CodexFiles['codex']['problems'],
  written: boolean,
): object {
  const { origin, revision } = codex;
  return { schema: 'agentsmd/codex-ids-changes/1', codex: origin, revision, changes, refused, problems, written };
}
