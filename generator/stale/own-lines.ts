import type { Survey } from '../../facts/index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { GENERATE_DEFAULTS } from '../config.ts';
import type { AgentDocument } from '../documents/document.ts';
import { draftsOf } from '../drafts.ts';
import type { Item } from '../item.ts';
import type { StaleLine } from './stale-line.ts';

/** A repository on one side of a change. */
interface SideOf {
  readonly reader: RepoReader;
  readonly survey: Survey;
}

/**
 * Stale lines that read as the generator would have written them before the change read as it would write them after it: all of
 * such a line is known anew, and not only the words in it that are false. Where all of the line was said to be false, and it would be
 * written again, other lines prove it now: it is as true as it was, and goes.
 */
export async function asWritten(
  stale: readonly StaleLine[],
  documents: readonly AgentDocument[],
  before: SideOf,
  after: SideOf,
): Promise<readonly StaleLine[]> {
  const textOf = new Map(documents.map(({ path, lines }) => [path, lines]));
  if (!stale.some(({ path, line }) => textOf.get(path)!.line(line).startsWith(BULLET))) return stale;
  const dirs = documents.map(({ dir }) => dir).filter((dir) => dir !== '');
  const [was, is] = await Promise.all([itemsOf(before, dirs), itemsOf(after, dirs)]);
  return stale.flatMap((each) => {
    const document = documents.find(({ path }) => path === each.path)!;
    const text = document.lines.line(each.line).trimEnd();
    const own = was.filter((item) => isOf(item, document) && text === `${BULLET}${item.text}`);
    if (own.length !== 1) return each;
    const [old] = own as [Item];
    const alike = (items: readonly Item[]) =>
      items.filter(({ file, section, key }) => file === old.file && section === old.section && key === old.key);
    const now = alike(is);
    // Of several with one key nobody knows which one follows it.
    if (alike(was).length > 1 || now.length > 1) return each;
    const suggestion = now[0] ? `${BULLET}${now[0].text}` : '';
    if (suggestion === text) return each.subject === old.text ? [] : each;
    return { ...each, suggestion };
  });
}

const BULLET = '- ';

/** A file under another name, as CLAUDE.md, is read as the one of its folder. */
function isOf({ file }: Item, { dir }: AgentDocument): boolean {
  return file === (dir === '' ? 'AGENTS.md' : `${dir}/AGENTS.md`);
}

async function itemsOf({ reader, survey }: SideOf, dirs: readonly string[]): Promise<readonly Item[]> {
  const drafts = await draftsOf(survey.facts.facts, reader, { config: GENERATE_DEFAULTS, dirs });
  return drafts.flatMap(({ items }) => items);
}
