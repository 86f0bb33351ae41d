import type { Codex } from '../../../codex/codex.ts';
import type { History } from '../../../forge/history.ts';
import { type MemoryFile, memoryRepository } from '../../../forge/memory.ts';
import { check, type Finding } from '../index.ts';
import type { Rule } from '../rule.ts';

/**
 * What one rule says of an AGENTS.md in a repository of these files: the fixtures of every rule are written with it.
 * Other documents are given among the files.
 */
export async function found(
  rule: Rule,
  text: string,
  files: Readonly<Record<string, MemoryFile>> = {},
  history?: History,
  codex?: Codex,
): Promise<readonly Finding[]> {
  const reader = memoryRepository({ 'AGENTS.md': text, ...files }, { commit: 'c1' });
  const { findings } = await check(reader, {
    rules: [rule],
    ...(history === undefined ? {} : { history }),
    ...(codex === undefined ? {} : { codex: { codex, chosen: true } }),
  });
  return findings;
}

/** The same in short: `2:7 error pnpm lint`. */
export async function told(...args: Parameters<typeof found>): Promise<readonly string[]> {
  return (await found(...args)).map(
    ({ line, column, severity, subject }) => `${line}:${column} ${severity} ${subject}`,
  );
}
