import { isAside } from '../facts/path-index.ts';
import type { RepoEntry } from '../forge/reader.ts';
import type { FileCheck } from './checks/kind.ts';
import type { Rule } from './rule.ts';
import { scopeOf } from './scope.ts';

export interface AskedRule {
  readonly rule: Rule;
  readonly check: FileCheck;
}

export interface PlannedFile {
  readonly path: string;
  readonly asked: readonly AskedRule[];
}

/** Which files are read, and for which rules. Rules that share a scope are asked by path together. */
export function planOf(
  entries: readonly RepoEntry[],
  rules: readonly AskedRule[],
  only: (path: string) => boolean = () => true,
): readonly PlannedFile[] {
  const groups = groupsOf(rules);
  const planned: PlannedFile[] = [];
  for (const { path, kind } of entries) {
    if ((kind !== 'file' && kind !== 'executable') || !only(path) || isAside(path)) continue;
    const asked: AskedRule[] = [];
    for (const { inScope, members } of groups) {
      const wanting = members.filter(({ check }) => check.wants(path));
      if (wanting.length > 0 && inScope(path)) asked.push(...wanting);
    }
    if (asked.length > 0) planned.push({ path, asked });
  }
  return planned;
}

interface Group {
  readonly inScope: (path: string) => boolean;
  readonly members: AskedRule[];
}

function groupsOf(rules: readonly AskedRule[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const asked of rules) {
    const { languages, paths, notPaths } = asked.rule.appliesTo;
    const key = JSON.stringify([languages, paths, notPaths]);
    const group = groups.get(key) ?? { inScope: scopeOf(asked.rule.appliesTo), members: [] };
    group.members.push(asked);
    groups.set(key, group);
  }
  return [...groups.values()];
}
