import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY_LEDGER, IDS_PATH, type IdLedger, serializeIdLedger } from '../../codex/ids.ts';
import { draftRule, withLink } from '../../codex/ids-draft.ts';
import { isPrefix, nextId } from '../../codex/ids-next.ts';
import { entryOf } from '../../codex/ids-update.ts';
import { type CodexFiles, readCodex } from '../../codex/read-codex.ts';
import { readRule } from '../../codex/read-rule.ts';
import { LEVELS, type Level } from '../../codex/rule.ts';
import { readFolder } from '../../forge/folder.ts';
import { isPlainPath } from '../../forge/plain-path.ts';
import { codexArgument, folderToWrite } from '../codex-folder.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { type NewFile, writeWorkingTree } from '../working-tree.ts';

/** Begins a rule with the next free ID: its file, a line in the overview page, an entry in the ledger. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const source = await codexArgument(input);
  const root = folderToWrite(source);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${root} is no folder; name the folder of a codex`);
  const { prefix, title, level } = wanted(input);
  const files = await readCodex(await readFolder(root), { origin: source.from });
  const ledger = ledgerOf(files, source.from);
  const id = nextId(prefix, ledger, takenIds(files));
  const domain = domainOf(input.text('domain'), prefix, files);
  const path = domain === '' ? `${id}.md` : `${domain}/${id}.md`;
  const text = draftRule({ id, title, level });
  const made = readRule(path, text);
  if ('problems' in made) throw new UsageError(`--title: ${made.problems[0]!.message.replace(/^title: /, '')}`);
  const planned = [
    { path, text, existing: null },
    ...overview(root, domain, id, title, files),
    {
      path: IDS_PATH,
      text: serializeIdLedger({ ...ledger, ids: { ...ledger.ids, [id]: entryOf(made.rule, 1) } }),
      existing: files.ledger === undefined ? null : readFileSync(join(root, IDS_PATH), 'utf8'),
    },
  ];
  const dryRun = input.flag('dryRun');
  if (!dryRun) writeWorkingTree(root, planned, true);
  if (out.json)
    out.document({
      schema: 'agentsmd/codex-new/1',
      id,
      file: path,
      text,
      written: dryRun ? [] : planned.map((file) => file.path),
    });
  else out.result(dryRun ? text : `${path}\n`);
  out.note(
    dryRun
      ? `would be ${path}; nothing was written`
      : `${id} begun, in ${planned.map((file) => file.path).join(', ')}; it counts once its status is trial or active`,
  );
  return 0;
};

function wanted(input: CommandInput): { readonly prefix: string; readonly title: string; readonly level: Level } {
  const prefix = input.text('prefix');
  const title = input.text('title')?.trim();
  const level = input.text('level') ?? 'SHOULD';
  if (prefix === undefined) throw new UsageError('--prefix is missing: what the ID begins with, such as API-REST');
  if (!isPrefix(prefix))
    throw new UsageError(
      `--prefix ${prefix}: capitals and digits with hyphens between them, beginning with a letter, such as API-REST; the number is added`,
    );
  if (!title) throw new UsageError('--title is missing: what to do, in at most 80 characters');
  if (/[\u0000-\u001f]/.test(title)) throw new UsageError('--title: must be one line');
  return { prefix, title, level: LEVELS.find((known) => known === level)! };
}

/** A codex with rules and no ledger may have given away IDs that no file shows any more: its people have to look first. */
function ledgerOf({ ledger, read, codex }: CodexFiles, from: string): IdLedger {
  if (ledger) return ledger;
  if (read.length + codex.problems.length === 0) return EMPTY_LEDGER;
  throw new UsageError(`${from} has no ${IDS_PATH}, so no ID is known to be free; run codex ids ${from} --write first`);
}

/** Also what only the name of a file says: a rule that cannot be read has its ID all the same. */
function* takenIds({ read, paths }: CodexFiles): Iterable<string> {
  for (const { rule } of read) yield rule.id;
  for (const path of paths) yield path.replace(/^.*\//, '').replace(/\.md$/, '');
}

function domainOf(given: string | undefined, prefix: string, { read }: CodexFiles): string {
  if (given === undefined) {
    const domains = new Set(read.flatMap(({ rule }) => (rule.id.startsWith(`${prefix}-`) ? [rule.domain] : [])));
    if (domains.size === 1) return [...domains][0]!;
    throw new UsageError(
      domains.size === 0
        ? `--domain is missing: the folder of the rule, such as api or security/web`
        : `--domain is missing: rules ${prefix}-* lie in ${[...domains].sort().join(', ')}`,
    );
  }
  if (given === '.') return '';
  const domain = given.replace(/\/+$/, '');
  const odd = !isPlainPath(domain) || /[\\\u0000-\u001f]/.test(domain) || /(?:^|\/)\./.test(domain);
  if (odd)
    throw new UsageError(
      `--domain ${given}: a folder within the codex, such as api or security/web, or . for its root`,
    );
  return domain;
}

function overview(root: string, domain: string, id: string, title: string, { pages }: CodexFiles): readonly NewFile[] {
  const path = domain === '' ? 'README.md' : `${domain}/README.md`;
  if (!pages.has(path)) return [];
  const existing = readFileSync(join(root, path), 'utf8');
  return [{ path, text: withLink(existing, { id, title }, `${id}.md`), existing }];
}
