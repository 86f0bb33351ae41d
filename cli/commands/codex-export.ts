import { writeFileSync } from 'node:fs';
import { duoInstructions } from '../../codex/export/duo.ts';
import { ruleIndex } from '../../codex/export/rule-index.ts';
import { buildSkill } from '../../codex/export/skill.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { openCodex } from '../open-codex.ts';
import { printableLine } from '../printable.ts';
import { writeSkill } from '../skill-folder.ts';

/** Writes the codex for other tools. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const targets = { skill: input.text('skill'), duo: input.text('duo'), index: input.text('index') };
  if (Object.values(targets).every((target) => target === undefined))
    throw new UsageError('say what to write: --skill DIR, --duo FILE or --index FILE');
  if (out.json && (targets.index === '-' || targets.duo === '-'))
    throw new UsageError('--json and a document on stdout exclude each other');
  const { codex } = await openCodex(input);
  for (const { file, line, message } of codex.problems)
    out.warn(printableLine(`not exported: ${file}${line === undefined ? '' : `:${line}`}: ${message}`));
  const done: Record<string, unknown> = {};
  if (targets.skill !== undefined) done.skill = exportSkill(targets.skill, codex, input);
  if (targets.duo !== undefined) {
    const text = duoInstructions(codex);
    writeTo('duo', targets.duo, text, input);
    if (text.length > LONG_DUO)
      out.warn(
        `${Math.ceil(text.length / 1024)} KiB of review instructions: reviews read every group that fits a file; narrow applies-to`,
      );
    done.duo = { file: targets.duo };
  }
  if (targets.index !== undefined) {
    writeTo(
      'index',
      targets.index,
      ruleIndex(codex, ({ file }) => file),
      input,
    );
    done.index = { file: targets.index };
  }
  if (out.json)
    out.document({ schema: 'agentsmd/codex-export/1', origin: codex.origin, revision: codex.revision, ...done });
  return 0;
};

const LONG_DUO = 100 << 10;

function exportSkill(dir: string, codex: Parameters<typeof buildSkill>[0], { out }: CommandInput): object {
  const skill = buildSkill(codex);
  const { folder, removed, kept } = writeSkill(dir, skill);
  for (const warning of skill.warnings) out.warn(printableLine(warning));
  for (const path of kept) out.warn(printableLine(`${folder}/${path}: not of this export, left as it is`));
  const gone = removed.length === 0 ? '' : `, ${removed.length} of an earlier export removed`;
  out.note(
    printableLine(`wrote ${skill.files.length} files to ${folder}${gone}; SKILL.md has about ${skill.tokens} tokens`),
  );
  return {
    folder,
    files: skill.files.map(({ path }) => path),
    removed,
    kept,
    tokens: skill.tokens,
    warnings: skill.warnings,
  };
}

function writeTo(option: string, file: string, text: string, { out }: CommandInput): void {
  if (file === '-') {
    out.result(text);
    return;
  }
  try {
    // In place, not by renaming: FILE may be /dev/stdout, a pipe or a link its owner made.
    writeFileSync(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new UsageError(`--${option} ${file}: a folder; name a file`);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`--${option} ${file}: its folder does not exist`);
    throw error;
  }
  out.note(printableLine(`wrote ${file}`));
}
