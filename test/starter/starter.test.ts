import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../codex/checks/check.ts';
import { prepareCheck } from '../../codex/checks/kinds.ts';
import { byPathsAlone, type ExampleRun, runExample } from '../../codex/examples.ts';
import { loadCodexFiles, STARTER } from '../../codex/load.ts';
import type { Example, Rule } from '../../codex/rule.ts';
import { scopeOf } from '../../codex/scope.ts';

const FOLDER = join(import.meta.dirname, '../../codex/starter');
const { codex, pages } = await loadCodexFiles({ from: STARTER });
const { rules } = codex;
const byId = rules.map((rule) => [rule.id, rule] as const);
const checked = byId.filter(([, { check }]) => check !== undefined && check.kind !== 'model');
const domains = [...new Set(rules.map(({ domain }) => domain))].sort();
/** Stands nowhere in an example. */
const NOWHERE = 'agentsmdStandsNowhere';

describe('the starter codex', () => {
  it('loads without a problem', () => {
    expect(codex.problems).toEqual([]);
  });

  it('has at least 40 rules, at least 30 of them with a check that code runs', () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    expect(checked.length).toBeGreaterThanOrEqual(30);
  });

  it('speaks of every language and domain it is meant for', () => {
    const prefixes = new Set(rules.map(({ id }) => id.slice(0, id.indexOf('-'))));
    expect([...prefixes]).toEqual(
      expect.arrayContaining(['API', 'CI', 'DB', 'GO', 'JV', 'OCI', 'PY', 'RS', 'SEC', 'TS']),
    );
    const wanted = ['api', 'ci', 'containers', 'database', 'dependencies', 'documentation', 'errors', 'logging'];
    expect(domains).toEqual(expect.arrayContaining([...wanted, 'security', 'testing']));
  });

  it('says each thing once', () => {
    const titles = rules.map(({ title, appliesTo }) => `${title} (${appliesTo.languages.join()})`);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe.each(domains)('the domain %s', (domain) => {
  it('has an overview that links every rule of it, and none that is not there', () => {
    const page = pages.get(`${domain}/README.md`) ?? '';
    const linked = [...page.matchAll(/\]\(([^)]+\.md)\)/g)].map(([, target]) => target!).sort();
    const there = readdirSync(join(FOLDER, domain)).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(linked).toEqual(there.sort());
  });
});

describe.each(byId)('%s', (id, rule) => {
  it('is named like its file, in the folder of a domain, by an ID of the pattern', () => {
    expect(basename(rule.file)).toBe(`${id}.md`);
    expect(rule.domain).not.toBe('');
    expect(id).toMatch(new RegExp(`^(?:${codex.manifest.idPattern})$`));
  });

  it('names a public source, says since when, and gives a reason of two to eight lines', () => {
    expect(new URL(rule.source?.doc ?? '').protocol).toBe('https:');
    expect(rule.since).toMatch(/^\d{4}-\d\d-\d\d$/);
    const lines = rule.body.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.length).toBeLessThanOrEqual(8);
  });

  it('is on trial, or active with an owner and a check that code runs', () => {
    expect(['trial', 'active']).toContain(rule.status);
    if (rule.status !== 'active') return;
    expect(rule.owner).toMatch(/^group:/);
    expect(['model', undefined]).not.toContain(rule.check?.kind);
  });
});

describe.each(checked)('the check of %s', (_id, rule) => {
  it('has at least one bad and two good examples, among the good ones a file that it looks at', async () => {
    const { bad, good } = rule.examples;
    expect(bad.length).toBeGreaterThanOrEqual(1);
    expect(good.length).toBeGreaterThanOrEqual(2);
    const check = (await prepareCheck(rule))!;
    if (check.over === 'repository') return;
    const inScope = scopeOf(rule.appliesTo);
    const looksAt = ({ files }: Example): boolean =>
      Object.keys(files).some((path) => check.wants(path) && inScope(path));
    expect(good.some(looksAt)).toBe(true);
  });

  it('fires on every bad example', async () => {
    for (const [at, example] of rule.examples.bad.entries())
      expect((await run(rule, example)).hits.length, `bad example ${at + 1}`).toBeGreaterThan(0);
  });

  it('is silent on every good example', async () => {
    for (const [at, example] of rule.examples.good.entries())
      expect((await run(rule, example)).hits, `good example ${at + 1}`).toEqual([]);
  });

  it('is what the bad examples are found by: emptied, it finds nothing', async () => {
    const empty = { ...rule, check: emptied(rule.check!) };
    for (const [at, example] of rule.examples.bad.entries())
      expect((await run(empty, example)).hits, `bad example ${at + 1}`).toEqual([]);
  });

  it('finds the same without its prefilter', async () => {
    for (const example of [...rule.examples.bad, ...rule.examples.good]) {
      const prepare: typeof prepareCheck = async (asked) => {
        const check = await prepareCheck(asked);
        return check?.over === 'files' ? { ...check, prefilter: [] } : check;
      };
      const { hits } = await runExample([byPathsAlone(rule)], example, prepare);
      expect(hits).toEqual((await run(rule, example)).hits);
    }
  });
});

/** Fails where the check cannot run: silence would prove nothing. */
async function run(rule: Rule, example: Example): Promise<ExampleRun> {
  const done = await runExample([byPathsAlone(rule)], example);
  expect(done.notChecked).toEqual([]);
  return done;
}

/** A check of the same kind over the same files that has nothing to find. */
function emptied(check: Check): Check {
  switch (check.kind) {
    case 'ast-grep':
      return { kind: 'ast-grep', language: check.language, rule: { pattern: NOWHERE } };
    case 'dependency-ban':
      return { ...check, packages: { npm: [NOWHERE] } };
    case 'dependency-require':
      return { ...check, packages: Object.fromEntries(Object.keys(check.packages).map((name) => [name, ['*']])) };
    case 'required-file':
      return { ...check, groups: [['**']] };
    case 'forbidden-edit':
      return { ...check, files: [NOWHERE] };
    case 'file-content':
      return check.forbid === undefined
        ? { ...check, require: '^' }
        : { kind: 'file-content', files: check.files, forbid: NOWHERE };
    case 'config-value':
      return { ...check, path: NOWHERE, expect: { absent: true } };
    case 'model':
      return check;
  }
}
