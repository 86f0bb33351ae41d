import type { Codex } from '../codex/codex.ts';
import type { RepoReader } from '../forge/reader.ts';
import { RULES } from '../generator/check/rules/index.ts';
import type { Citation, Side } from './findings/finding.ts';
import type { Ground } from './findings/verify.ts';

/** Both sides of a change, and the rules that may be cited. Files are read once. */
export function groundOf(given: {
  readonly before: RepoReader;
  readonly after: RepoReader;
  readonly codex?: Pick<Codex, 'rules'> | undefined;
}): Ground {
  const kept = new Map<string, Promise<readonly string[] | undefined>>();
  const rules = new Map(given.codex?.rules.map(({ id, rev }) => [id, rev]));
  const ours = new Set<string>(RULES.map(({ id }) => id));

  async function linesOf(path: string, side: Side): Promise<readonly string[] | undefined> {
    const reader = side === 'new' ? given.after : given.before;
    const answer = (await reader.read([path])).get(path);
    if (answer?.ok) return answer.text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);
    // There, but no text: something may be said of it as a whole.
    return answer === undefined || answer.reason === 'absent' ? undefined : [];
  }

  return {
    lines(path, side) {
      const key = `${side}:${path}`;
      const known = kept.get(key) ?? linesOf(path, side);
      kept.set(key, known);
      return known;
    },
    hasRule({ id, rev }: Citation) {
      if (rules.has(id)) return rev === null || rules.get(id) === rev;
      return rev === null && ours.has(id);
    },
  };
}
