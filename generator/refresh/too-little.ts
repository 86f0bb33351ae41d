import type { Survey } from '../../facts/index.ts';
import { RULE_KEY } from '../item.ts';
import type { LedgerItem } from './ledger.ts';

/**
 * Why a bullet is not worth proposing for a file that people wrote: they chose what stands in it, and get only what they
 * would miss. In a file of ours it would stand.
 */
export function tooLittle(
  { key, text }: LedgerItem,
  dir: string,
  { facts }: Survey,
  codexChosen: boolean,
): string | undefined {
  if (key.startsWith(RULE_KEY) && !codexChosen) return 'nobody chose this codex: name one in the configuration';
  if (key.startsWith('command.')) {
    const fact = facts.facts.find((each) => each.key === key && each.dir === dir && text.includes(each.value));
    if (fact?.source === 'convention') return 'the default of its toolchain';
    if (key.startsWith('command.install') && PLAIN_INSTALL.test(text)) return 'every manager installs like that';
  }
  // The history is not sure: good enough to fill a file, not to add to another one's.
  if (key.startsWith('changes-with') && / usually also needs /.test(text)) return 'it is not always so';
  return undefined;
}

/** What one types without having been told. */
const PLAIN_INSTALL =
  /: `(?:npm (?:ci|install)|pnpm install|yarn(?: install)?|bun install|uv sync|poetry install|pdm install|bundle install|composer install|mix deps\.get|go install|flutter pub get|dart pub get)(?: --?(?:frozen-lockfile|immutable))*`$/;
