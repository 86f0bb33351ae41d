import { asData } from '../../models/tools/as-data.ts';
import { type Asked, type Asking, ask } from './ask.ts';
import type { Work } from './work.ts';

/** Sends rules back once. What does not come back right is dropped. */
export async function revised(
  work: Work,
  reasons: ReadonlyMap<string, string>,
  shared: string,
  asking: Asking,
): Promise<Asked<unknown> | undefined> {
  if (reasons.size === 0) return undefined;
  const shown = [...reasons].map(([name, reason]) => ({ name, rule: work.given(name), reason }));
  const own = asData('rules that were sent back', JSON.stringify(shown, null, 1));
  const answer = await ask('codex-reviser', { shared, own: `${work.about}${own}` }, asking);
  if (!answer.ok) return answer;
  const back = new Map(answer.value.rules.map(({ name, rule }) => [name, rule]));
  for (const [name, reason] of reasons) {
    const rule = back.get(name);
    if (rule === undefined) work.drop(name, reason);
    else work.take(name, rule);
  }
  for (const [name, flaw] of work.flaws()) work.drop(name, flaw);
  answer.keep();
  return answer;
}

/** Has rules judged, or those of them. @returns what is sent back, and why; a text where not each was judged. */
export async function criticised(
  work: Work,
  shared: string,
  asking: Asking,
  only?: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string> | string> {
  const judged = work.held().filter(([name]) => only === undefined || only.has(name));
  if (judged.length === 0) return new Map();
  const shown = judged.map(([name, { quote, title, statement, level, appliesTo }]) => {
    const { languages, frameworks, paths, notPaths } = appliesTo;
    return { name, quote, title, rule: statement, level, languages, frameworks, paths, notPaths };
  });
  const own = asData('rules to be judged', JSON.stringify(shown, null, 1));
  const answer = await ask('codex-critic', { shared, own: `${work.about}${own}` }, asking);
  if (!answer.ok) return answer.message;
  const verdicts = new Map(answer.value.verdicts.map((verdict) => [verdict.rule, verdict]));
  const missing = judged.filter(([name]) => !verdicts.has(name));
  if (missing.length > 0) return `the critic said nothing of ${missing.length} of ${judged.length} rules`;
  answer.keep();
  const back = new Map<string, string>();
  for (const [name] of judged) {
    const { verdict, reason } = verdicts.get(name)!;
    if (verdict === 'drop') work.drop(name, reason.slice(0, 500) || 'dropped by the critic');
    if (verdict === 'revise') back.set(name, reason.slice(0, 1000) || 'say exactly what the quoted words oblige to');
  }
  return back;
}
