import type { Survey } from '../../facts/index.ts';
import { asData } from '../../models/tools/index.ts';
import type { Item } from '../item.ts';
import { RULE_KEY } from '../item.ts';
import { oneLine } from '../markdown.ts';

const MOST_FACTS = 300;
const MOST_FOLDERS = 200;
const MOST_TAKEN_OUT = 50;
/** Of one line, in characters. */
const LONGEST = 300;

/** What a bullet of the draft is called where a model is asked about it. */
export const nameOf = (at: number): string => `B${at + 1}`;

/** What a model is told of a repository, all of it as data. The same draft gives the same bytes. */
export function materialOf(
  items: readonly Item[],
  proposed: readonly string[],
  {
    survey,
    takenOut,
    sees,
  }: {
    readonly survey: Survey;
    readonly takenOut: readonly string[];
    /** Paths that a model can look at. */
    readonly sees: ReadonlySet<string>;
  },
): string {
  const bullets = items.map(({ section, kind, text }, at) => {
    const may = kind === 'prose' ? 'may be phrased' : 'stays';
    return `${nameOf(at)} [${section}] (${may}) ${text}`;
  });
  const facts = survey.facts.facts.map(({ key, dir, value, evidence }) => {
    const shown = evidence.find((each) => sees.has(each.path));
    const at = shown && ` (${shown.path}:${shown.line})`;
    return `${key}${dir === '' ? '' : ` in ${dir}`} = ${value}${at ?? ''}`;
  });
  const rules = items.flatMap(({ key }) => (key.startsWith(RULE_KEY) ? [key.slice(RULE_KEY.length)] : []));
  const parts: readonly (readonly [title: string, name: string, lines: readonly string[]])[] = [
    ['The draft, made from facts. Each bullet has a name:', 'draft', bullets],
    ['Bullets that stand in the file besides; do not propose them again:', 'standing bullets', proposed],
    [
      'Bullets that people took out; do not propose them, in whatever words:',
      'taken out',
      takenOut.slice(0, MOST_TAKEN_OUT),
    ],
    ['What is true of the repository, with where it stands:', 'facts', facts.slice(0, MOST_FACTS)],
    ['IDs of rules that apply here:', 'rules', rules],
    ['Folders, with how many files are below each:', 'folders', foldersOf(sees)],
  ];
  return parts
    .flatMap(([title, name, lines]) =>
      lines.length === 0 ? [] : [title, asData(name, lines.map((line) => oneLine(line).slice(0, LONGEST)).join('\n'))],
    )
    .join('\n\n');
}

/** The upper two levels; what is below them a tool lists. */
function foldersOf(paths: ReadonlySet<string>): readonly string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    for (const depth of [1, 2])
      if (parts.length >= depth) {
        const folder = `${parts.slice(0, depth).join('/')}/`;
        counts.set(folder, (counts.get(folder) ?? 0) + 1);
      }
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MOST_FOLDERS)
    .map(([folder, count]) => `${folder} ${count}`);
}
