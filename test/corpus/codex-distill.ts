/**
 * Distils revisions of a written standard with numbered rules one after the other, as a codex would live through them. The model is a
 * double over HTTP that takes of each section its heading; what is looked at is all that comes behind it.
 *
 *   node test/corpus/codex-distill.ts --repo DIR --revs A,B[,C...] [--prefix ZAL]
 *
 * DIR is a git repository, bare or not, with AsciiDoc. Exit code 1 where something does not hold.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { distillAgents } from '../../codex/distill/agents.ts';
import { openAnswerStore } from '../../codex/distill/answer-store.ts';
import { changeDetail, changeGroups } from '../../codex/distill/changelog.ts';
import { type DistillResult, distil } from '../../codex/distill/index.ts';
import { standing } from '../../codex/distill/standing.ts';
import { given, TASK } from '../../codex/distill/testing/place.ts';
import { readUnits, type Unit } from '../../codex/distill/units.ts';
import { type CodexTexts, filesOf } from '../../codex/import/index.ts';
import { isRetired, type Rule } from '../../codex/rule.ts';
import { openRepository } from '../../forge/git/open.ts';
import { openModels } from '../../models/door.ts';
import { settings } from '../../models/testing/settings.ts';
import { startModels } from '../models/index.ts';

const { values } = parseArgs({
  options: {
    repo: { type: 'string' },
    revs: { type: 'string' },
    prefix: { type: 'string', default: 'ZAL' },
  },
});
const { repo, revs, prefix } = values;
if (repo === undefined || revs === undefined) throw new Error('--repo DIR and --revs A,B are missing');

const failures: string[] = [];
const cache = mkdtempSync(join(tmpdir(), 'codex-distill-'));
try {
  let codex: CodexTexts = new Map();
  let before: readonly Unit[] = [];
  for (const rev of revs.split(',')) {
    const documents = await documentsAt(repo, rev);
    const standard = { documents, named: [...documents.keys()], whole: true };
    const { units } = readUnits(standard, 'asciidoc');
    const { result, asked } = await distilled(standard, units, codex, rev);
    codex = new Map([...codex, ...result.files.map(({ path, text }) => [path, text] as const)]);
    const { rules, problems } = (await filesOf(codex)).codex;
    for (const { file, message } of problems) failures.push(`${rev}: ${file}: ${message}`);
    console.log(
      `\n${rev}: ${JSON.stringify(result.counts)}, ${asked} questions, ${result.failed.length} failed, ${result.dropped.length} dropped`,
    );
    for (const { kind, changes } of changeGroups(result.changes)) console.log(`  ${changes.length} ${kind}`);
    for (const change of result.changes)
      if (change.from !== undefined) console.log(`    ${change.id} ${changeDetail(change)}`);
    for (const each of result.dropped.slice(0, 5)) console.log(`    dropped ${each.source}: ${each.why}`);
    compare(rev, before, units, rules, result);
    const again = await distilled(standard, units, codex, rev);
    if (again.asked > 0 && result.dropped.length === 0)
      failures.push(`${rev}: a second run asked ${again.asked} questions`);
    if (again.result.files.length > 0) failures.push(`${rev}: a second run wrote ${again.result.files.length} files`);
    before = units;
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(failures.length === 0 ? '\nall holds' : `\n${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function documentsAt(dir: string, rev: string): Promise<ReadonlyMap<string, string>> {
  const reader = await openRepository(dir, { rev });
  try {
    const paths = (await reader.paths()).filter(({ path, kind }) => kind === 'file' && path.endsWith('.adoc'));
    const read = await reader.read(paths.map(({ path }) => path));
    return new Map([...read].flatMap(([path, each]) => (each.ok ? [[path, each.text.replace(/\r\n?/g, '\n')]] : [])));
  } finally {
    await reader.close();
  }
}

/** One run, with a model that says of each section what its heading says. */
async function distilled(
  standard: Parameters<typeof distil>[0],
  units: readonly Unit[],
  codex: CodexTexts,
  rev: string,
): Promise<{ readonly result: DistillResult; readonly asked: number }> {
  await using server = await startModels({ models: { large: {} } });
  const keep = [{ rule: 'R1', verdict: 'keep', reason: '' }];
  server.script(
    ...units.map((unit) => ({
      when: [TASK.extract, `name="${placeOf(unit)}"`],
      needs: [],
      answer: { rules: [ruleOf(unit)] },
    })),
    { when: [TASK.judge], needs: [], answer: { verdicts: keep } },
    { when: [TASK.prove], needs: [], answer: { checks: [] } },
    { when: [TASK.merge], needs: [], answer: { pairs: [] } },
    { when: [TASK.revise], needs: [], answer: { rules: [] } },
  );
  const models = openModels(settings({ models: { large: {} }, provider: { baseUrl: server.url, keyEnv: 'GW_KEY' } }), {
    env: { GW_KEY: server.key },
  });
  try {
    const result = await distil(
      standard,
      codex,
      { format: 'asciidoc', level: 'SHOULD', name: 'standard', today: '2026-11-22', prefix, rev },
      {
        models,
        agents: await distillAgents(),
        account: models.account(),
        about: { project: 'standard', tags: [] },
        modelOf: () => 'gw/large',
        store: openAnswerStore(cache),
        count: { asked: 0, kept: 0 },
      },
    );
    return { result, asked: server.requests.length };
  } finally {
    await models.close();
  }
}

function placeOf({ section }: Unit): string {
  return `${section.doc}#${section.anchor}`;
}

function ruleOf({ section, text }: Unit) {
  const [heading = ''] = text.split('\n');
  const words = section.heading.slice(0, 80).replace(/[\s.:;,]+$/, '');
  const what = `${words[0]?.toLowerCase() ?? ''}${words.slice(1)}`.replace(/^do not /, 'not ');
  return given(heading, words, what, { level: section.level ?? 'SHOULD' });
}

/** IDs follow numbers, levels follow headings, quotes stand, and every change of a level is told. */
function compare(
  rev: string,
  before: readonly Unit[],
  now: readonly Unit[],
  rules: readonly Rule[],
  { changes, dropped }: DistillResult,
): void {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const without = new Set(dropped.map(({ source }) => source));
  const expected: string[] = [];
  for (const unit of now) {
    const { own, level } = unit.section;
    if (own === undefined || without.has(placeOf(unit))) continue;
    const rule = byId.get(`${prefix}-${own}`);
    if (!rule || isRetired(rule)) failures.push(`${rev}: ${prefix}-${own} is ${rule?.status ?? 'missing'}`);
    else if (level !== undefined && rule.level !== level)
      failures.push(`${rev}: ${rule.id} is ${rule.level}, not ${level}`);
    const old = before.find(({ section }) => section.own === own)?.section.level;
    if (old !== undefined && level !== undefined && old !== level) expected.push(`${prefix}-${own} ${old} ${level}`);
  }
  for (const rule of rules.filter((each) => !isRetired(each))) {
    const quote = /^> (.*)$/m.exec(rule.body)?.[1] ?? '';
    if (!now.some(({ text }) => standing(quote, text) !== undefined))
      failures.push(`${rev}: ${rule.id} quotes what stands nowhere: ${quote}`);
  }
  const told = changes.flatMap(({ id, from, to }) => (from === undefined ? [] : [`${id} ${from} ${to}`]));
  console.log(`  level changes in the document ${expected.length}, told ${told.length}`);
  for (const line of expected) if (!told.includes(line)) failures.push(`${rev}: not told: ${line}`);
  for (const line of told) if (!expected.includes(line)) failures.push(`${rev}: told and not so: ${line}`);
}
