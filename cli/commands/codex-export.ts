import type { Codex } from '../../codex/codex.ts';
import { duoInstructions, isDuoExport, isForReview } from '../../codex/export/duo.ts';
import { isRuleIndex, ruleIndex } from '../../codex/export/rule-index.ts';
import { buildSkill } from '../../codex/export/skill.ts';
import { tokensOf } from '../../codex/export/tokens.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { exportFile } from '../export-file.ts';
import { openOwnCodex } from '../open-codex.ts';
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
  const writers = {
    duo: writerOf('duo', targets.duo, isDuoExport, input),
    index: writerOf('index', targets.index, isRuleIndex, input),
  };
  const { codex } = await openOwnCodex(input);
  const { length } = codex.rules;
  out.note(printableLine(`codex ${codex.origin}: ${length} ${length === 1 ? 'rule' : 'rules'}`));
  for (const { file, line, message } of codex.problems)
    out.warn(printableLine(`not exported: ${file}${line === undefined ? '' : `:${line}`}: ${message}`));
  const done: Record<string, unknown> = {};
  if (targets.skill !== undefined) done.skill = exportSkill(targets.skill, codex, input);
  if (targets.duo !== undefined) done.duo = exportDuo(targets.duo, codex, writers.duo, input);
  if (targets.index !== undefined) {
    writers.index(ruleIndex(codex, ({ file }) => file));
    if (targets.index !== '-') out.note(printableLine(`wrote ${targets.index}`));
    done.index = { file: targets.index };
  }
  if (out.json)
    out.document({ schema: 'agentsmd/codex-export/1', origin: codex.origin, revision: codex.revision, ...done });
  return 0;
};

const LONG_DUO = 100 << 10;

function exportSkill(dir: string, codex: Codex, { out }: CommandInput): object {
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

function exportDuo(file: string, codex: Codex, write: (text: string) => void, { out }: CommandInput): object {
  const text = duoInstructions(codex);
  write(text);
  const rules = codex.rules.filter(isForReview).length;
  const [bytes, tokens] = [Buffer.byteLength(text), tokensOf(text)];
  const size = `${rules} ${rules === 1 ? 'rule' : 'rules'}, ${Math.ceil(bytes / 1024)} KiB, about ${tokens} tokens`;
  out.note(printableLine(file === '-' ? size : `wrote ${file}: ${size}`));
  if (rules === 0) out.warn('no rule is active, and none on trial asks a model: there is nothing to review by');
  if (bytes > LONG_DUO)
    out.warn('long review instructions: reviews read every group that fits a file; narrow applies-to');
  return { file, rules, bytes, tokens };
}

/** Looks at what is there before anything is written. */
function writerOf(
  option: string,
  file: string | undefined,
  isOurs: (text: string) => boolean,
  { out }: CommandInput,
): (text: string) => void {
  return file === undefined || file === '-' ? (text) => out.result(text) : exportFile(option, file, isOurs);
}
