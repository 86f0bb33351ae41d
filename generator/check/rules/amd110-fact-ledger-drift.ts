import { RULE_KEY } from '../../item.ts';
import { LEDGER_PATH, type LedgerFile, type LedgerItem } from '../../refresh/ledger.ts';
import { lineHash, linesOf } from '../../refresh/line-hash.ts';
import type { Piece, Rule, World } from '../rule.ts';

/** A bullet that `generate` wrote, and whose proving line is no longer what it was. */
export const factLedgerDrift: Rule = {
  id: 'AMD110',
  name: 'fact-ledger-drift',
  severity: 'warning',
  title: 'A generated bullet rests on a line that is no longer there.',
  why: 'The ledger holds for each bullet the line that proved it. Where that line was changed or is gone, the bullet may be false, and a refresh would settle it.',
  source: 'https://arxiv.org/abs/2606.09090',
  reads: () => [LEDGER_PATH],
  *check({ path, lines }, world) {
    const unproven = itemsOf(path, world).filter((item) => isUnproven(item, world));
    if (unproven.length === 0) return;
    for (let line = 1; line <= lines.count; line++) {
      const source = lines.line(line);
      const text = source.replace(/^\s*[-*+]\s+/, '').trimEnd();
      const item = text === source.trimEnd() ? undefined : unproven.find((each) => each.text === text);
      if (!item) continue;
      const column = source.indexOf(text) + 1;
      const at: Piece = { text, line, column, offset: lines.startOf(line) + column - 1 };
      const [evidence] = item.evidence;
      yield {
        at,
        severity: 'warning',
        message: `it was written from ${evidence!.path}:${evidence!.line}, and that line has changed since; \`agentsmd generate --diff\` shows what is true now`,
      };
    }
  },
};

/** What the ledger holds of a document. One that cannot be read is for `generate` to complain of. */
function itemsOf(path: string, world: World): readonly LedgerItem[] {
  const text = world.file(LEDGER_PATH)?.text;
  if (text === undefined) return [];
  try {
    const { files } = JSON.parse(text) as { files?: Record<string, LedgerFile | undefined> };
    const items = files?.[path]?.items;
    // What a rule says does not rest on the file that shows where it applies.
    return Array.isArray(items) ? items.filter(isItem).filter(({ key }) => !key.startsWith(RULE_KEY)) : [];
  } catch {
    return [];
  }
}

function isItem(item: Partial<LedgerItem> | null): item is LedgerItem {
  return (
    typeof item?.key === 'string' &&
    typeof item.text === 'string' &&
    typeof item.hash === 'string' &&
    Array.isArray(item.evidence) &&
    typeof item.evidence[0]?.path === 'string'
  );
}

/** Its file is gone, or no line of it is the one that proved it. A file that was not read proves nothing either way. */
function isUnproven({ evidence, hash }: LedgerItem, world: World): boolean {
  const path = evidence[0]!.path;
  if (hash === '') return false;
  if (!world.survey.paths.has(path)) return true;
  const file = world.file(path);
  return file !== undefined && !linesOf(file.text).some((line) => lineHash(line) === hash);
}
