import { lastName } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import type { Rule } from '../rule.ts';

/** More names than this in one message nobody reads. */
const MOST_NAMES = 8;

/** Environment variables that have to be set and that no document names. */
export const missingEnvDoc: Rule = {
  id: 'AMD109',
  name: 'missing-env-doc',
  severity: 'info',
  title: 'An environment variable must be set, and no document for agents says so.',
  why: 'What does not start without a variable fails with a message that seldom names the cause.',
  source: 'https://12factor.net/config',
  *check(document, { survey, documents }) {
    if (speaker(documents, document.dir) !== document) return;
    const nested = documents.filter(({ dir }) => dir !== document.dir && isWithin(dir, document.dir));
    const missing = new Set<string>();
    for (const { key, value, dir, evidence } of survey.facts.facts) {
      if (key !== 'env.required' || !isWithin(dir, document.dir)) continue;
      if (nested.some((each) => isWithin(dir, each.dir))) continue;
      // Who is sent to `.env.example` finds them all there.
      const telling = [value, ...evidence.map(({ path }) => lastName(path))];
      if (!documents.some(({ text }) => telling.some((each) => text.includes(each)))) missing.add(value);
    }
    if (missing.size === 0) return;
    const names = [...missing].slice(0, MOST_NAMES).join(', ');
    const more = missing.size > MOST_NAMES ? ` and ${missing.size - MOST_NAMES} more` : '';
    const first = document.lines.line(1);
    yield {
      at: { text: first, line: 1, column: 1, offset: 0 },
      severity: 'info',
      message: `required and named in no document: ${names}${more}`,
    };
  },
};

const SPEAKERS: readonly AgentDocument['kind'][] = ['agents', 'claude', 'gemini', 'copilot'];

/** The one document that answers for a folder; rules of an editor are about single kinds of files. */
function speaker(documents: readonly AgentDocument[], dir: string): AgentDocument | undefined {
  const here = documents.filter((each) => each.dir === dir);
  for (const kind of SPEAKERS) {
    const found = here.find((each) => each.kind === kind);
    if (found) return found;
  }
  return undefined;
}

function isWithin(dir: string, above: string): boolean {
  return above === '' || dir === above || dir.startsWith(`${above}/`);
}
