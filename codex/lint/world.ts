import { isInUse } from '../match.ts';
import type { CodexFiles } from '../read-codex.ts';
import type { ReadRule } from '../read-rule.ts';
import { RULE_ID } from '../rule.ts';
import { type Compared, compareRules } from './crossings.ts';
import { type Proof, prove } from './proof.ts';

/** What a lint sees: the files of a codex, and what came of running its checks over its examples. */
export interface World {
  readonly files: CodexFiles;
  /** In the order of their IDs; of two with one ID the first. */
  readonly rules: readonly ReadRule[];
  readonly byId: ReadonlyMap<string, ReadRule>;
  /** Files of rules that cannot be read, under the ID that their name says. */
  readonly unread: ReadonlyMap<string, string>;
  readonly proofs: ReadonlyMap<string, Proof>;
  /** What rules find in the examples of others. */
  readonly compared: Compared;
  /** `2026-11-21` */
  readonly today: string;
}

export interface WorldOptions {
  readonly today: string;
  readonly progress?: (done: number, of: number) => void;
}

/** Runs every check over its examples, once for all lints. Nothing of the examples is executed: they are text. */
export async function worldOf(files: CodexFiles, { today, progress }: WorldOptions): Promise<World> {
  const byId = new Map<string, ReadRule>();
  for (const read of files.read) if (!byId.has(read.rule.id)) byId.set(read.rule.id, read);
  const rules = [...byId.values()].sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
  const proofs = new Map<string, Proof>();
  for (const [at, { rule }] of rules.entries()) {
    proofs.set(rule.id, await prove(rule));
    progress?.(at + 1, rules.length);
  }
  const inUse = rules.map(({ rule }) => rule).filter(isInUse);
  const compared = await compareRules(inUse, proofs);
  return { files, rules, byId, unread: unreadFiles(files, byId), proofs, compared, today };
}

/** Rules in force or on trial. */
export function rulesInUse({ rules }: World): readonly ReadRule[] {
  return rules.filter(({ rule }) => isInUse(rule));
}

function unreadFiles({ codex, pages }: CodexFiles, byId: ReadonlyMap<string, ReadRule>): ReadonlyMap<string, string> {
  const files = [...codex.problems.map(({ file }) => file), ...pages.keys()];
  const named = files.flatMap((file) => {
    const id = idOfFile(file);
    return id === undefined || byId.has(id) ? [] : [[id, file] as const];
  });
  return new Map(named);
}

/** The ID that a file's name says, whatever is in it. */
export function idOfFile(file: string): string | undefined {
  return ID_FILE.exec(file)?.[1];
}

const ID_FILE = new RegExp(`(?:^|/)(${RULE_ID.source})\\.md$`);
