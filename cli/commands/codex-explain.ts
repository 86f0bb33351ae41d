import { type Codex, canonicalId, RuleIndex, removedRule } from '../../codex/codex.ts';
import { withFeedback } from '../../codex/feedback.ts';
import type { Rule } from '../../codex/rule.ts';
import { codexExplainText } from '../codex-explain-text.ts';
import { feedbackFor } from '../codex-feedback.ts';
import { nearestIds } from '../codex-nearest.ts';
import type { CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { openOwnCodex } from '../open-codex.ts';
import { printableLine } from '../printable.ts';

/** Prints one rule, retired ones included. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const citation = input.argument('id') ?? '';
  const { config, codex: loaded } = await openOwnCodex(input);
  const codex = withFeedback(loaded, await feedbackFor(input, config));
  const index = new RuleIndex(codex.rules);
  const rule = index.get(citation);
  if (!rule) throw unknown(citation, codex);
  const cited = /@(\d+)$/.exec(citation.trim())?.[1];
  const successors = index.successors(rule);
  const url = addressOf(rule, codex);
  if (cited !== undefined && Number(cited) !== rule.rev)
    out.warn(`${rule.id}@${cited} was cited; this is revision ${rule.rev}, and it may ask something else`);
  if (out.json) {
    const { origin, revision } = codex;
    out.document({
      schema: 'agentsmd/codex-explain/1',
      codex: { origin, revision },
      rule,
      ...(cited === undefined ? {} : { cited: Number(cited) }),
      successors: successors.map(({ id, rev, title }) => ({ id, rev, title })),
      ...(url === undefined ? {} : { url }),
    });
    return 0;
  }
  out.result(codexExplainText(rule, { successors, url }, out.style));
  return 0;
};

function unknown(citation: string, codex: Codex): UsageError {
  const removed = removedRule(citation, codex);
  if (removed) return new UsageError(`${removed.id} (${printableLine(removed.title)}) was removed from the codex`);
  const near = nearestIds(
    canonicalId(citation),
    codex.rules.map(({ id }) => id),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'agentsmd codex search finds rules by a question';
  return new UsageError(`${printableLine(citation.trim())}: no such rule in ${printableLine(codex.origin)}; ${hint}`);
}

function addressOf({ id, file }: Rule, { manifest: { url } }: Codex): string | undefined {
  return url?.replaceAll('{id}', () => encodeURIComponent(id)).replaceAll('{file}', () => encodeURI(file));
}
