import type { Codex } from '../../codex/codex.ts';
import { isInUse } from '../../codex/match.ts';
import type { Rule } from '../../codex/rule.ts';
import { MOST_HITS_PER_KLOC, type ShadowRun, shadow } from '../../codex/shadow.ts';
import { chosenIds } from '../codex-rule-choice.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { fleetOf, warnOfCodexProblems, warnOfSkipped } from '../fleet.ts';
import { openOwnCodex } from '../open-codex.ts';
import { shadowMarkdown, shadowSummary, shadowText, shadowWarnings } from '../shadow-text.ts';

const DEFAULT_SAMPLE = 10;
const LARGEST_SAMPLE = 1000;

/** Runs rules over many repositories and prints how often each of them is hit, with hits to judge. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const format = formatOf(input);
  const sample = sampleOf(input.text('sample'));
  const { config, codex } = await openOwnCodex(input);
  warnOfCodexProblems(codex, out);
  const rules = rulesOf(input.text('rule'), codex);
  const fleet = fleetOf(input, config.values);
  const result = await shadow(rules, fleet, {
    sample,
    progress: (name, at, of) => out.progress(`${at} of ${of}: ${name}`),
  });
  warnOfSkipped(result.skipped, fleet.length, out);
  const origin = `${codex.origin} (${codex.revision})`;
  if (format === 'json') out.document(documentOf(codex, result));
  else if (format === 'markdown') out.result(shadowMarkdown(result, origin));
  else out.result(shadowText(result, out.style));
  for (const warning of shadowWarnings(result)) out.warn(warning);
  out.note(shadowSummary(result));
  return 0;
};

function formatOf({ json, text }: CommandInput): string {
  const format = text('format');
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return json ? 'json' : (format ?? 'text');
}

function sampleOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SAMPLE;
  const sample = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (sample <= LARGEST_SAMPLE) return sample;
  throw new UsageError(`--sample: expected a number from 0 to ${LARGEST_SAMPLE}`);
}

/** Those in use, or those that were named, drafts among them. */
function rulesOf(asked: string | undefined, codex: Codex): readonly Rule[] {
  const ids = chosenIds(asked, codex);
  return codex.rules.filter((rule) => (ids ? ids.has(rule.id) : isInUse(rule)));
}

function documentOf({ origin, revision }: Codex, { repositories, skipped, rules }: ShadowRun): object {
  return {
    schema: 'agentsmd/codex-shadow/1',
    codex: { origin, revision },
    mostHitsPerKloc: MOST_HITS_PER_KLOC,
    repositories,
    skipped,
    rules,
  };
}
