import { type Impact, impactOf } from '../../codex/impact.ts';
import { loadCodex } from '../../codex/load.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { fleetOf, warnOfCodexProblems, warnOfSkipped } from '../fleet.ts';
import { impactSummary, impactText } from '../impact-text.ts';
import { ownCodexSource } from '../open-codex.ts';

/** Prints which findings of a fleet a change of the codex would add and take away. */
export const run: CommandModule['run'] = async (input) => {
  const { out, text } = input;
  const from = text('from');
  if (from === undefined) throw new UsageError('--from: name the revision of the codex as it is, such as main');
  const config = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  // Without --to the working tree is meant, whatever revision the configuration pins.
  const { rev: _, ...place } = ownCodexSource(input, config);
  const to = text('to');
  const before = await loadCodex({ ...place, rev: from });
  const after = await loadCodex({ ...place, ...(to === undefined ? {} : { rev: to }) });
  for (const codex of [before, after]) warnOfCodexProblems(codex, out);
  const fleet = fleetOf(input, config.values);
  const result = await impactOf(before, after, fleet, {
    progress: (name, at, of) => out.progress(`${at} of ${of}: ${name}`),
  });
  warnOfSkipped(result.skipped, fleet.length, out);
  if (out.json) out.document(documentOf(result, before, after));
  else out.result(impactText(result, out.style));
  out.note(impactSummary(result));
  return result.rules.some(({ change }) => change === 'unreadable') ? 1 : 0;
};

interface Named {
  readonly origin: string;
  readonly revision: string;
}

function documentOf(impact: Impact, before: Named, after: Named): object {
  const named = ({ origin, revision }: Named): Named => ({ origin, revision });
  return { schema: 'agentsmd/codex-impact/1', before: named(before), after: named(after), ...impact };
}
