import type { Codex } from '../codex/codex.ts';
import type { FileChange } from '../forge/history.ts';
import type { RepoReader } from '../forge/reader.ts';
import { RULES } from '../generator/check/rules/index.ts';
import type { Citation, Side } from './findings/finding.ts';
import type { Ground } from './findings/verify.ts';

/**
 * Both sides of a change, and the rules that may be cited. Files are read once. A renamed file is known by both of its paths on the old
 * side: who sees a patch sees the new one.
 */
export function groundOf(given: {
  readonly before: RepoReader;
  readonly after: RepoReader;
  readonly files: readonly FileChange[];
  readonly codex?: Pick<Codex, 'rules'> | undefined;
}): Ground {
  const kept = new Map<string, Promise<readonly string[] | undefined>>();
  const origins = new Map(given.files.map(({ path, from }) => [path, from ?? path]));
  const rules = new Map(given.codex?.rules.map(({ id, rev }) => [id, rev]));
  const ours = new Set<string>(RULES.map(({ id }) => id));

  async function linesOf(path: string, side: Side): Promise<readonly string[] | undefined> {
    const [reader, place] = side === 'new' ? [given.after, path] : [given.before, origins.get(path) ?? path];
    const answer = (await reader.read([place])).get(place);
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
