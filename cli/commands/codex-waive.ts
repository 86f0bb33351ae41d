import { addWaiver, sameWaiver, WaiverFileError } from '../../codex/add-waiver.ts';
import { isDate, pathProblem } from '../../codex/parse-waivers.ts';
import type { Waiver } from '../../codex/waiver.ts';
import { dayOf, holdsOn, WAIVERS_PATH } from '../../codex/waivers.ts';
import { locateRepository } from '../../forge/git/locate.ts';
import { openRepository } from '../../forge/git/open.ts';
import { ruleInUse } from '../codex-rule-choice.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { openCodex } from '../open-codex.ts';
import { printable, printableLine } from '../printable.ts';
import { writeWorkingTree } from '../working-tree.ts';

/** Lets a repository off a rule: one more entry in its file of waivers. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const today = dayOf(new Date());
  const asked = askedFor(input, today);
  const { codex } = await openCodex(input);
  const rule = ruleInUse(input.argument('rule') ?? '', codex);
  const repo = input.argument('repo') ?? '.';
  const { worktree } = await locateRepository(repo);
  if (worktree === null)
    throw new UsageError(`${repo}: a bare repository has no working tree to write ${WAIVERS_PATH} into`);
  const existing = await currentText(worktree);
  const same = sameWaiver(existing ?? '', { ...asked, rule: rule.id });
  if (same) {
    const until = holdsOn(same, today) ? same.until : `${same.until}, expired`;
    throw new UsageError(`${rule.id}: already waived until ${until}; change line ${same.line} of ${WAIVERS_PATH}`);
  }
  const text = extended(existing, { ...asked, rule: rule.id });
  if (input.flag('dryRun')) {
    out.result(printable(text));
    return 0;
  }
  writeWorkingTree(worktree, [{ path: WAIVERS_PATH, text, existing }], true);
  out.note(`${WAIVERS_PATH}: ${rule.id} is waived until ${asked.until}; commit it: a waiver holds once it is merged`);
  return 0;
};

/** @throws {UsageError} for what is missing or cannot be meant. */
function askedFor({ text }: CommandInput, today: string): Omit<Waiver, 'rule' | 'line'> {
  const missing: string[] = [];
  const given = (option: string, what: string): string => {
    const value = text(option)?.trim() ?? '';
    if (value === '') missing.push(`--${option}: ${what}`);
    return value;
  };
  const reason = given('reason', 'say why; whoever reads the waiver next year wants to know');
  const until = given('until', 'say until when: the last day, such as 2027-01-31');
  const approvedBy = given('by', 'say who approved it');
  if (missing.length > 0) throw new UsageError(missing.join('\n'));
  if (!isDate(until)) throw new UsageError(`--until ${printableLine(until)}: no date; write it as 2027-01-31`);
  if (until < today) throw new UsageError(`--until ${until}: in the past; today is ${today}`);
  const latest = aYearAfter(today);
  if (until > latest)
    throw new UsageError(`--until ${until}: more than a year ahead; ${latest} at the latest, and renew it then`);
  const paths = (text('path') ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  if (paths.length === 0 && text('path') !== undefined) throw new UsageError('--path: name a path, or leave it out');
  for (const path of paths) {
    const problem = pathProblem(path);
    if (problem !== undefined) throw new UsageError(`--path ${printableLine(problem)}`);
  }
  return { paths, reason, until, approvedBy };
}

function aYearAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return dayOf(date);
}

/** The file on disk, read without following links; nothing where there is none. */
async function currentText(worktree: string): Promise<string | null> {
  const reader = await openRepository(worktree);
  try {
    const read = (await reader.read([WAIVERS_PATH])).get(WAIVERS_PATH)!;
    if (read.ok && read.invalidUtf8)
      throw new UsageError(`${WAIVERS_PATH}: not valid UTF-8, and would be damaged; save it as UTF-8 first`);
    if (read.ok) return read.text;
    if (read.reason === 'absent') return null;
    throw new UsageError(`${WAIVERS_PATH}: cannot be read (${read.detail ?? read.reason}); mend or move it first`);
  } finally {
    await reader.close();
  }
}

function extended(existing: string | null, waiver: Omit<Waiver, 'line'>): string {
  try {
    return addWaiver(existing ?? undefined, waiver);
  } catch (error) {
    if (!(error instanceof WaiverFileError)) throw error;
    throw new UsageError(`${WAIVERS_PATH}: ${printableLine(error.message)}`);
  }
}
