import { type Match, matchCodex } from '../../codex/match.ts';
import { stackOf } from '../../codex/stack.ts';
import { catalogPort } from '../catalog-context.ts';
import { codexMatchText } from '../codex-match-text.ts';
import type { CommandModule } from '../command.ts';
import { openCodex, warnOfCodex } from '../open-codex.ts';
import { openTarget } from '../open-target.ts';

/** Prints which rules apply to a repository, and why. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const { config, codex } = await openCodex(input);
  const reader = await openTarget(input, config.values);
  try {
    const catalog = catalogPort(config, input.argument('repo') ?? '.', reader, out);
    const matches = await matchCodex(codex, await stackOf(reader), catalog);
    const shown = input.flag('all') ? matches : matches.filter(({ applies }) => applies !== 'no');
    if (out.json) {
      const { origin, revision, problems } = codex;
      out.document({
        schema: 'agentsmd/codex-match/1',
        repository: reader.name,
        commit: reader.commit,
        codex: { origin, revision },
        rules: shown.map(described),
        problems: problems.map(({ file: path, line, message }) => ({ path, line, message })),
      });
      return 0;
    }
    out.result(codexMatchText(shown, out.style));
    warnOfCodex(codex, out);
    const count = (answer: Match['applies']): number => matches.filter(({ applies }) => applies === answer).length;
    const open = count('unknown') === 0 ? '' : `; of ${count('unknown')} only the catalog knows`;
    const more = input.flag('all') || count('no') === 0 ? '' : ' (--all shows the others, and why not)';
    out.note(`${count('yes')} of ${matches.length} rules in use apply${open}${more}`);
    return 0;
  } finally {
    await reader.close();
  }
};

function described({ rule, applies, because, evidence, specificity }: Match): object {
  const { id, rev, level, status, title, file } = rule;
  return { id, rev, level, status, title, file, applies, because, ...(evidence ? { evidence } : {}), specificity };
}
