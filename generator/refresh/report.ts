import type { Survey } from '../../facts/index.ts';
import type { History } from '../../forge/history.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { worldOf } from '../check/index.ts';
import { judge } from '../check/judge.ts';
import { RULES } from '../check/rules/index.ts';
import { suppress } from '../check/suppress.ts';
import type { AgentDocument } from '../documents/document.ts';
import type { ItemChange } from './change.ts';

/** What happens to one bullet of a file. */
export interface FileChange extends ItemChange {
  readonly path: string;
}

/** Something in a document that a refresh does not touch, and that people should look at. */
export interface Report {
  readonly path: string;
  /** In the refreshed file. */
  readonly line: number;
  readonly message: string;
  /** Of a line that is false: which rule says so, what exactly is false, and how the line should read. */
  readonly rule?: string;
  readonly subject?: string;
  readonly suggestion?: string;
}

/**
 * Lines of people that are provably false now. Their words are never rewritten: the line, and what it should say, is
 * reported.
 *
 * @param refreshed the documents as they will be.
 * @param all these and all others, as they are.
 */
export async function falseLines(
  refreshed: readonly AgentDocument[],
  all: readonly AgentDocument[],
  reader: RepoReader,
  survey: Survey,
  history?: Pick<History, 'fates'>,
): Promise<readonly Report[]> {
  if (refreshed.length === 0) return [];
  const rules = RULES.filter(({ id }) => /^AMD1\d\d$/.test(id));
  const documents = all.map((document) => refreshed.find(({ path }) => path === document.path) ?? document);
  const world = await worldOf(reader, documents, rules, survey);
  const findings = await judge(refreshed, world, rules, history);
  const known = new Set(RULES.map(({ id }) => id));
  const asked = new Set(rules.map(({ id }) => id));
  const byPath = Map.groupBy(findings, ({ path }) => path);
  return refreshed
    .flatMap((document) => suppress(document, byPath.get(document.path) ?? [], known, asked).standing)
    .filter(({ severity }) => severity === 'error')
    .map(({ path, line, rule, subject, message, suggestion }) => ({
      path,
      line,
      message,
      rule,
      subject,
      ...(suggestion === undefined ? {} : { suggestion }),
    }));
}
