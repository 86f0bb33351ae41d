import { type EvalCase, readCases } from '../../reviewer/eval/case.ts';
import { missedOf } from '../../reviewer/eval/gate.ts';
import { type CaseResult, type EvalRun, keyOf, planOf, type Replay } from '../../reviewer/eval/run.ts';
import { compared, scoresOf, tookOf } from '../../reviewer/eval/score.ts';
import type { CommandInput, CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { IncompleteError } from '../errors.ts';
import { type EvalOptions, evalOptions } from '../eval-options.ts';
import { openReplayer } from '../eval-replay.ts';
import { baselineOf, type EvalStore, newRunId, openEvalStore } from '../eval-store.ts';
import { type EvalReport, evalText, planText } from '../eval-text.ts';

/** Reviews stored merge requests, and says how good the findings are, beside an earlier run. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const dir = input.argument('dir')!;
  if (input.text('format') === 'martian') {
    const { evalMartian } = await import('../eval-martian.ts');
    return await evalMartian(dir, input, loaded);
  }
  const options = evalOptions(input);
  const cases = (await readCases(dir, options.only)).slice(0, options.limit);
  const store = await openEvalStore(dir, process.env, out);
  const earlier = await store.runs();
  const { settings, replay } = await openReplayer(loaded, cases, out);
  const key = keyOf(settings);
  const baseline = baselineOf(earlier, { named: options.against, key, fresh: options.fresh });
  const plan = options.fresh ? { known: [], asked: cases } : planOf(cases, key, earlier);
  if (options.dryRun) {
    const names = { known: plan.known.map(({ name }) => name), asked: plan.asked.map(({ name }) => name) };
    if (out.json) out.document({ schema: 'agentsmd/eval-plan/1', settings, ...names });
    else out.result(planText(names, settings, out.style));
    return 0;
  }
  const begun = new Date();
  const started: EvalRun = {
    ...{ schema: 'agentsmd/eval-run/1', id: newRunId(begun), begun: begun.toISOString(), ended: null },
    ...{ key, settings, results: [...plan.known] },
  };
  const now = await replayAll(started, plan.asked, replay, store, out);
  const report: EvalReport = {
    ...{ cases, now, scores: scoresOf(cases, now.results), took: tookOf(now.results), reused: plan.known.length },
    failed: now.results.filter(({ decision }) => decision === null),
    against: baseline && { run: baseline, comparison: compared(cases, now.results, baseline.results) },
  };
  if (out.json) out.document(documentOf(report));
  else out.result(evalText(report, out.style));
  return ended(report, options, input);
};

/** One after the other; what is done is kept at once, so that a run that is cut off goes on where it was. */
async function replayAll(
  started: EvalRun,
  asked: readonly EvalCase[],
  replay: Replay,
  store: EvalStore,
  out: CommandInput['out'],
): Promise<EvalRun> {
  // Nothing new was found out: there is no other run.
  if (asked.length === 0) return started;
  let run = started;
  for (const [at, one] of asked.entries()) {
    out.progress(`${bar(at, asked.length)} ${at + 1} of ${asked.length}: ${one.name}`);
    const result: CaseResult = { name: one.name, hash: one.hash, key: run.key, ...(await replay(one)) };
    run = { ...run, results: [...run.results, result] };
    await store.write(run);
  }
  out.progress('');
  const whole = { ...run, ended: new Date().toISOString() };
  await store.write(whole);
  return whole;
}

const BAR = 20;

function bar(done: number, of: number): string {
  const filled = Math.floor((BAR * done) / of);
  return `[${'='.repeat(filled)}${' '.repeat(BAR - filled)}]`;
}

/** A gate that is missed goes before reviews that failed: it is what was asked about. */
function ended({ scores, failed, now, reused }: EvalReport, { gate }: EvalOptions, { out }: CommandInput): 0 | 1 {
  const missed = missedOf(gate, scores.all);
  for (const one of missed) out.warn(`gate ${one}`);
  if (now.results.length > reused) out.note(`kept as run ${now.id}`);
  else out.note('nothing was asked: every result was there already; --fresh asks again');
  if (missed.length > 0) return 1;
  if (failed.length > 0)
    throw new IncompleteError(
      `${failed.length} of ${now.results.length} merge requests came to no decision; run it again to ask for those alone`,
    );
  return 0;
}

function documentOf({ cases, now, scores, took, reused, failed, against }: EvalReport): object {
  const { id, key, settings, begun, ended, results } = now;
  const titles = cases.map(({ name, clean, defects }) => ({ name, clean, defects: defects.length }));
  return {
    schema: 'agentsmd/eval/1',
    ...{ run: { id, key, settings, begun, ended, reused }, cases: titles, scores, took, results },
    failed: failed.map(({ name, because }) => ({ name, because })),
    against: against ? { run: against.run.id, settings: against.run.settings, ...against.comparison } : null,
  };
}
