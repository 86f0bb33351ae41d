import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, relative, resolve, sep } from 'node:path';
import { isPrefix } from '../../codex/ids-next.ts';
import { type ImportResult, importStandard } from '../../codex/import/index.ts';
import { readDocuments, type StandardFormat } from '../../codex/import/read-documents.ts';
import type { Level } from '../../codex/rule.ts';
import { importSummary, importText, leftOutText } from '../codex-import-text.ts';
import { textsOf } from '../codex-texts.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { printableLine } from '../printable.ts';
import { writeWorkingTree } from '../working-tree.ts';

/** Makes a codex of a written standard, or brings one up to date with it. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const options = optionsOf(input);
  const found = await readDocuments(options.document, options.format);
  const codex = await textsOf(options.folder);
  const inside = relative(resolve(options.folder), found.root);
  const within = inside === '' || (!inside.startsWith('..') && resolve(inside) !== inside);
  const result = await importStandard(
    { documents: found.documents, named: found.named, whole: statSync(options.document).isDirectory() },
    codex,
    {
      ...options,
      ...(within ? { folder: inside.split(sep).join('/') } : { folder: undefined }),
      name: basename(resolve(options.document)).replace(/\.\w+$/, ''),
    },
  );
  if (!options.dryRun) {
    mkdirSync(options.folder, { recursive: true });
    const files = result.files.map(({ path, text }) => ({ path, text, existing: codex.get(path) ?? null }));
    writeWorkingTree(options.folder, files, true);
  }
  if (out.json) out.document(documentOf(result, options.dryRun));
  else out.result(importText(result, out.style));
  for (const note of [...found.notes, ...result.notes]) out.warn(printableLine(note));
  for (const { section, message } of result.refusals)
    out.warn(printableLine(`${section.doc}:${section.line}: ${message}`));
  if (result.leftOut.length > 0) out.warn(leftOutText(result.leftOut));
  if (options.url === undefined && !within)
    out.note(
      'the documents lie outside of the codex: without --source-url, codex lint cannot find the sources of its rules',
    );
  out.note(importSummary(result, options.folder, options.dryRun));
  return result.refusals.length > 0 ? 1 : 0;
};

interface Options {
  readonly document: string;
  readonly format: StandardFormat;
  readonly folder: string;
  readonly prefix?: string;
  readonly level: Level;
  readonly rev?: string;
  readonly url?: string;
  readonly dryRun: boolean;
}

function optionsOf(input: CommandInput): Options {
  const format = input.text('from');
  const folder = input.text('out');
  if (format === undefined) throw new UsageError('--from is missing: asciidoc or markdown');
  if (folder === undefined) throw new UsageError('--out is missing: the folder of the codex');
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw new UsageError(`--out ${folder}: not a folder`);
  const prefix = input.text('prefix');
  if (prefix !== undefined && !isPrefix(prefix))
    throw new UsageError(`--prefix ${prefix}: expected capitals, digits and hyphens, such as API-REST`);
  const [rev, url] = [input.text('sourceRev'), input.text('sourceUrl')];
  if (url !== undefined && !/^https?:\/\//.test(url))
    throw new UsageError(`--source-url ${url}: expected an address such as https://example.com/standard`);
  return {
    document: input.argument('document')!,
    format: format as StandardFormat,
    folder,
    level: (input.text('level') ?? 'SHOULD') as Level,
    dryRun: input.flag('dryRun'),
    ...(prefix === undefined ? {} : { prefix }),
    ...(rev === undefined ? {} : { rev }),
    ...(url === undefined ? {} : { url }),
  };
}

function documentOf({ files, changes, refusals, leftOut, notes, imported }: ImportResult, dryRun: boolean): object {
  return {
    schema: 'agentsmd/codex-import/1',
    dryRun,
    imported,
    changes,
    refused: refusals.map(({ kind, section, id, message }) => ({
      kind,
      doc: section.doc,
      line: section.line,
      id,
      message,
    })),
    leftOut,
    notes,
    files: files.map(({ path }) => path),
  };
}
