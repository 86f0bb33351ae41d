import { ForgeError } from '../../forge/errors.ts';
import { FULL_ID } from '../../forge/object-id.ts';
import type { Forge, Project } from '../../forge/port.ts';
import { holdsSecret } from '../../forge/render/secrets.ts';
import { visible } from '../../forge/render/visible.ts';
import { lineNamed } from '../../reviewer/findings/fingerprint.ts';
import type { TalliedFinding, Tally } from '../../reviewer/publish/tally.ts';
import type { Quoting } from '../config.ts';
import type { Ended } from './judge.ts';
import type { HarvestedRepository } from './places.ts';

/** By the fingerprints of findings. */
export type Quotes = ReadonlyMap<string, string>;

/** What may be shown to the owners of rules. */
export interface MayQuote {
  /** Whether what the rule with that ID finds may be. */
  readonly rule: (id: string) => boolean;
  readonly repositories: Quoting;
}

/** In characters. A line that is cut is no code. */
const LONGEST = 200;

/**
 * The lines that findings were about of which people said that they are wrong, as they stand in the commit that was looked at last. A
 * line is the one where it gives its finding the name that our summary says: nothing else is believed of where it stands. What
 * cannot be read has no line.
 *
 */
export async function quotesOf(
  forge: Forge,
  { project: id }: Pick<HarvestedRepository, 'project'>,
  { head }: Pick<Tally, 'head'>,
  ended: readonly Ended[],
  mayQuote: MayQuote,
): Promise<Quotes> {
  const wrong = ended.flatMap(({ finding, outcome, reason }) => {
    const isWrong = outcome === 'dismissed' && reason === 'false-positive' && finding.category === 'codex';
    const ids = idsOf(finding);
    const isShown = ids.length > 0 && ids.every(mayQuote.rule) && isQuotable(finding.path);
    return isWrong && finding.line > 0 && isShown ? [finding] : [];
  });
  if (wrong.length === 0 || !FULL_ID.test(head)) return new Map();
  try {
    const project = await forge.project(id);
    if (!isOpenEnough(project, mayQuote)) return new Map();
    const reader = await forge.open(project, head);
    try {
      const read = await reader.read([...new Set(wrong.map(({ path }) => path))]);
      return new Map(
        wrong.flatMap((finding) => {
          const file = read.get(finding.path);
          const quote = file?.ok ? quoteIn(file.text, finding) : undefined;
          return quote === undefined ? [] : [[finding.fingerprint, quote] as const];
        }),
      );
    } finally {
      await reader.close();
    }
  } catch (error) {
    // It is told without: what it came to counts all the same.
    if (error instanceof ForgeError) return new Map();
    throw error;
  }
}

/** Who reads the codex need not be able to read a private repository. */
function isOpenEnough({ visibility }: Project, { repositories }: MayQuote): boolean {
  return repositories === 'all' || (repositories === 'internal' && ['internal', 'public'].includes(visibility));
}

function idsOf({ rules }: TalliedFinding): readonly string[] {
  return rules.map((citation) => citation.split('@')[0]!);
}

function quoteIn(text: string, finding: TalliedFinding): string | undefined {
  const named = { ...finding, rules: idsOf(finding).map((id) => ({ id, rev: null })) };
  const quote = lineNamed(named, text.split(/\r\n|\r|\n/))?.trim();
  return quote !== undefined && isQuotable(quote) ? quote : undefined;
}

/** Something is given to what is called a secret, however short it is. */
const TO_A_SECRET = /(?:passw|passphrase|secret|token|credential|api[_-]?key|private[_-]?key)\w*["'`]?\s*(?:=|:)/i;

/** Whether others may see it as it is. */
function isQuotable(line: string): boolean {
  return line.length <= LONGEST && visible(line) === line && !holdsSecret(line) && !TO_A_SECRET.test(line);
}
