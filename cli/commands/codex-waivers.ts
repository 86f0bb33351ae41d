import { reportWaivers } from '../../codex/waiver-report.ts';
import { dayOf, readWaivers, WAIVERS_PATH } from '../../codex/waivers.ts';
import { codexWaiversSummary, codexWaiversText } from '../codex-waivers-text.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { openCodex } from '../open-codex.ts';
import { openTarget } from '../open-target.ts';
import { printableLine } from '../printable.ts';

const DEFAULT_DAYS = 30;

/** Prints the waivers of a repository, and what is to be said of them. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const expiring = daysOf(input);
  const { codex, config } = await openCodex(input);
  const reader = await openTarget(input, { ...config.values, facts: { ...config.values.facts, ignore: [] } });
  try {
    const [{ waivers, problems }, entries] = [await readWaivers(reader), await reader.paths()];
    const reports = reportWaivers(waivers, codex, entries, { today: dayOf(new Date()), expiring });
    if (out.json) {
      out.document({
        schema: 'agentsmd/codex-waivers/1',
        repository: reader.name,
        commit: reader.commit,
        waivers: reports.map(({ waiver, ...told }) => ({ ...waiver, ...told })),
        problems,
      });
    } else out.result(codexWaiversText(reports, out.style));
    for (const { line, message } of problems)
      out.warn(`${WAIVERS_PATH}${line === undefined ? '' : `:${line}`}: ${printableLine(message)}; it lets nobody off`);
    out.note(codexWaiversSummary(reports));
    return reports.some(({ states }) => states.includes('expired')) ? 1 : 0;
  } finally {
    await reader.close();
  }
};

function daysOf({ text }: CommandInput): number {
  const given = text('expiring');
  if (given === undefined) return DEFAULT_DAYS;
  if (!/^\d{1,4}$/.test(given))
    throw new UsageError(`--expiring ${printableLine(given)}: a number of days, such as 30`);
  return Number(given);
}
