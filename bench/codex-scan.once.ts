import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NapiConfig } from '@ast-grep/napi';
import { isGenerated } from '../codex/by-hand.ts';
import type { AstGrepCheck } from '../codex/checks/check.ts';
import { prepareCheck } from '../codex/checks/kinds.ts';
import { loadCodex, STARTER } from '../codex/load.ts';
import { matchRule } from '../codex/match.ts';
import type { Rule } from '../codex/rule.ts';
import { scan } from '../codex/scan.ts';
import { type AskedRule, planOf } from '../codex/scan-plan.ts';
import { stackOf } from '../codex/stack.ts';
import { openRepository } from '../forge/git/open.ts';

/** `any` and `each` are the peer: one call with all rules (with those that may stand together), and one for each. */
export type Mode = 'ours' | 'unfiltered' | 'any' | 'each';

/** What one way to scan took, of a process that did nothing else. */
export interface Outcome {
  readonly ms: number;
  /** Of the whole process, its start included. */
  readonly cpuMs: number;
  readonly rules: number;
  readonly findings: number;
  readonly peakBytes: number;
}

interface Task {
  readonly mode: Mode;
  /** A checkout. */
  readonly dir: string;
  readonly language: string;
}

/** Scans a checkout once. Ours and the peer look at the same files for the same rules. */
export async function scanOnce(task: Task): Promise<Outcome> {
  const rules = await rulesOf(task);
  const isOurs = task.mode === 'ours' || task.mode === 'unfiltered';
  const outcome = isOurs ? await ours(task, rules) : await peer(task, rules);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  return { ...outcome, cpuMs, rules: rules.length, peakBytes: maxRSS * 1024 };
}

/** The peer's names of grammars, with the endings of their files. */
const GRAMMARS: Readonly<Record<string, readonly (readonly [string, RegExp])[]>> = {
  java: [['java', /\.java$/]],
  typescript: [
    ['TypeScript', /\.[cm]?ts$/],
    ['Tsx', /\.tsx$/],
  ],
};

/** The starter's rules about the syntax of the language that apply to the repository, whatever their status. */
async function rulesOf({ dir, language }: Task): Promise<readonly Rule[]> {
  const reader = await openRepository(dir, { keep: false });
  const stack = await stackOf(reader);
  const applying: Rule[] = [];
  for (const rule of (await loadCodex({ from: STARTER })).rules) {
    const { check } = rule;
    if (check?.kind !== 'ast-grep' || !check.language.includes(language)) continue;
    if ((await matchRule(rule, stack)).applies !== 'yes') continue;
    applying.push({ ...rule, check: { ...check, language: [language] } });
  }
  await reader.close();
  return applying;
}

async function ours({ mode, dir }: Task, rules: readonly Rule[]): Promise<Pick<Outcome, 'ms' | 'findings'>> {
  const start = performance.now();
  const reader = await openRepository(dir, { keep: false });
  const { findings, notChecked, unread } = await scan(reader, rules, { prefilter: mode === 'ours' });
  await reader.close();
  const ms = performance.now() - start;
  if (notChecked.length > 0) throw new Error(`not checked: ${JSON.stringify(notChecked)}`);
  for (const { path, reason } of unread) console.error(`${path}: ${reason}`);
  return { ms, findings: findings.length };
}

/** Files are named to the peer one by one, so that it need not look for them. */
async function peer({ mode, dir, language }: Task, rules: readonly Rule[]): Promise<Pick<Outcome, 'ms' | 'findings'>> {
  const { findInFiles, registerDynamicLanguage } = await import('@ast-grep/napi');
  if (language === 'java') registerDynamicLanguage({ java: createRequire(import.meta.url)('@ast-grep/lang-java') });
  const files = await filesOfRules(dir, rules);
  const groups = mode === 'any' ? withoutClashes(rules) : rules.map((rule) => [rule]);
  let findings = 0;
  const start = performance.now();
  for (const group of groups) {
    const matcher = anyOf(group);
    const asked = [...new Set(group.flatMap(({ id }) => files.get(id) ?? []))];
    for (const [grammar, ending] of GRAMMARS[language] ?? []) {
      const paths = asked.filter((path) => ending.test(path));
      if (paths.length > 0) findings += await nodesIn(grammar, paths, matcher);
    }
  }
  return { ms: performance.now() - start, findings };

  function nodesIn(grammar: string, paths: string[], matcher: NapiConfig): Promise<number> {
    return new Promise((resolve, reject) => {
      let [found, calls, due] = [0, 0, Number.POSITIVE_INFINITY];
      // The number of files may be known before the last of them was told.
      const settle = (): void => {
        if (calls >= due) resolve(found);
      };
      findInFiles(grammar, { paths, matcher }, (error, nodes) => {
        if (error) reject(error);
        else found += nodes.length;
        calls++;
        settle();
      }).then((count) => {
        due = count;
        settle();
      }, reject);
    });
  }
}

/** The files that ours looks at, by the rules' IDs. */
async function filesOfRules(dir: string, rules: readonly Rule[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const reader = await openRepository(dir, { keep: false });
  const asked: AskedRule[] = [];
  for (const rule of rules) {
    const check = await prepareCheck(rule);
    if (check?.over === 'files') asked.push({ rule, check });
  }
  const files = new Map<string, string[]>(rules.map(({ id }) => [id, []]));
  for (const planned of planOf(await reader.paths(), asked)) {
    const read = (await reader.read([planned.path])).get(planned.path);
    if (!read?.ok || isGenerated(planned.path, read.text)) continue;
    for (const { rule } of planned.asked) files.get(rule.id)?.push(join(dir, planned.path));
  }
  await reader.close();
  return files;
}

/** As few groups of rules as may be, so that no two of a group name a util or a constraint alike. */
function withoutClashes(all: readonly Rule[]): readonly (readonly Rule[])[] {
  const groups: { names: Set<string>; members: Rule[] }[] = [];
  for (const rule of all) {
    const { utils = {}, constraints = {} } = configOf(rule);
    const names = [...Object.keys(utils), ...Object.keys(constraints)];
    let group = groups.find((each) => !names.some((name) => each.names.has(name)));
    if (!group) {
      group = { names: new Set(), members: [] };
      groups.push(group);
    }
    group.members.push(rule);
    for (const name of names) group.names.add(name);
  }
  return groups.map(({ members }) => members);
}

function anyOf(group: readonly Rule[]): NapiConfig {
  const configs = group.map(configOf);
  const merged = (part: 'utils' | 'constraints'): object => {
    const entries = configs.flatMap((config) => Object.entries(config[part] ?? {}));
    return entries.length === 0 ? {} : { [part]: Object.fromEntries(entries) };
  };
  const rule = { any: configs.map((config) => config.rule) };
  return { rule, ...merged('utils'), ...merged('constraints') } as unknown as NapiConfig;
}

function configOf({ check }: Rule): NapiConfig {
  const { rule, constraints, utils } = check as AstGrepCheck;
  return { rule, ...(constraints ? { constraints } : {}), ...(utils ? { utils } : {}) } as unknown as NapiConfig;
}
