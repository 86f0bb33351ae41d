import { readName } from '../../../facts/commands/names.ts';
import { readCommand } from '../../../facts/commands/reading.ts';
import { isNegated, isWrong } from '../../documents/negation.ts';
import { type Span, spansOf } from '../../documents/spans.ts';
import type { Rule } from '../rule.ts';

/** What a pipe ends in says how that went, not the tests before it. */
const PIPED =
  /^(?<check>[^|;&]{2,300}?)(?:\s2>&1)?\s*\|&?\s*(?:head|tail|less|more|cat|tee|grep|egrep|rg|sed|awk|wc|sort|uniq|cut|jq)\b(?:[^|;&]|\|(?!\|)){0,300}&&\s*(?:echo|printf)\b/;
/** Said whatever happened. */
const ANYWAY =
  /^(?<check>[^|;&]{2,300}?)(?:\s2>&1)?\s*;\s*(?:echo|printf)\s.{0,40}\b(?:ok(?:ay)?|pass(?:ed|es)?|success\w*|succeeded|all good|green|clean)\b/i;
const SWALLOWED = /^(?<check>[^|;&]{2,300}?)(?:\s[12]?&?>\s?\S+|\s2>&1)*\s*\|\|\s*(?:true|:|exit 0)\s*(?:$|#)/;

/** A gate that is always open. */
export const maskedExitStatus: Rule = {
  id: 'AMD205',
  name: 'masked-exit-status',
  severity: 'warning',
  title: 'A command reports success whether its check passed or not.',
  why: 'The status of a pipeline is that of its last command: an agent reads "ok" and goes on with broken code.',
  source: 'https://www.gnu.org/software/bash/manual/html_node/Pipelines.html',
  *check(document) {
    let careful: number | undefined;
    for (const span of spansOf(document)) {
      if (span.kind !== 'code' && span.kind !== 'block') continue;
      if (span.kind === 'block' && /\bpipefail\b/.test(span.text)) careful = span.block;
      if (span.text.length > LONGEST || !/[|;]/.test(span.text) || (careful !== undefined && careful === span.block))
        continue;
      const how = maskedBy(span);
      if (how === undefined || (span.kind === 'block' ? isWrong(span.place) : isNegated(span.place))) continue;
      yield {
        at: span,
        severity: 'warning',
        message: `${how}: run the check alone, or begin with \`set -o pipefail\``,
      };
    }
  },
};

const LONGEST = 1000;

function maskedBy({ text }: Span): string | undefined {
  const line = text.replace(/^\s*(?:[$%>] )?/, '');
  const piped = PIPED.exec(line)?.groups?.check;
  if (piped !== undefined && checks(piped)) return 'the check may fail and this still says that it passed';
  const anyway = ANYWAY.exec(line)?.groups?.check;
  if (anyway !== undefined && checks(anyway)) return 'this says that the check passed whatever happened';
  const swallowed = SWALLOWED.exec(line)?.groups?.check;
  return swallowed !== undefined && checks(swallowed) ? 'a failure of this check is swallowed' : undefined;
}

/** Tests, lints, type-checks or builds; `gh pr list` does not. */
function checks(command: string): boolean {
  const words = command
    .trim()
    .replace(/^(?:[A-Z_]\w*=\S+\s+)+/, '')
    .split(/\s+/);
  const purposes = { ...readCommand(words)?.purposes };
  const runs = /^(?:npm|pnpm|yarn|bun|make|just|task|rake|mise|poe|hatch|invoke|composer|nx|turbo)$/.test(words[0]!);
  const named = runs ? words.slice(1).flatMap((word) => Object.keys(readName(word)?.purposes ?? {})) : [];
  return [...Object.keys(purposes), ...named].some((purpose) =>
    /^(?:test|test-single|lint|typecheck|build)$/.test(purpose),
  );
}
