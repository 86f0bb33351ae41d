import type { CoChange } from '../facts/history/co-change.ts';
import { patternOf, stemOf } from '../facts/history/patterns.ts';
import type { RepoReader } from '../forge/reader.ts';

/** A rule of the history, with what its list says of the files of its pattern. */
export interface Entries extends CoChange {
  /** Today's files or folders of the pattern. */
  readonly members: readonly string[];
  /** Of the members that the list names at all, the part that it names in the manner of a list. */
  readonly listed: number;
  /** The same for the rows of lists and tables, as in a document. */
  readonly rows: number;
}

/** Reads what new files are said to be entered in: a file that uses its neighbours names them too, and lists nothing. */
export async function withEntries(rules: readonly CoChange[], reader: RepoReader): Promise<readonly Entries[]> {
  const wanted = rules.filter(({ on }) => on === 'new');
  const texts = await reader.read([...new Set(wanted.map(({ also }) => also))]);
  const members = new Map<string, Set<string>>(wanted.map(({ when }) => [when, new Set()]));
  const folders = [...members.keys()].filter((when) => when.endsWith('*/')).map((when) => when.slice(0, -2));
  for (const { path } of wanted.length > 0 ? await reader.paths() : []) {
    members.get(patternOf(path))?.add(path);
    for (const folder of folders) {
      const slash = path.startsWith(folder) ? path.indexOf('/', folder.length) : -1;
      if (slash !== -1) members.get(`${folder}*/`)?.add(path.slice(0, slash));
    }
  }
  return rules.map((rule) => {
    const read = texts.get(rule.also);
    const own = [...(members.get(rule.when) ?? [])].filter((path) => path !== rule.also);
    return { ...rule, members: own, ...(read?.ok ? shareOf(own, read.text) : { listed: 0, rows: 0 }) };
  });
}

/** Lines that are alike, or this many names on one line, are a list. */
const ALIKE = 3;
/** A longer line is data or was written by a tool. */
const LONGEST = 2000;
const ROW = /^\s*(?:(?:[-*+]|\d+\.|\||include::)\s*\S|[\w./-]+\s*$)/;
/** Between such remarks a tool writes what a document holds: `<!-- BEGIN_TF_DOCS -->`. */
const BEGINS = /<!--\s*(?:BEGIN|START)(?![a-z])/i;
const ENDS = /<!--\s*END(?![a-z])/i;
/** What a line of a list starts with, whatever follows: it is entered there that something exists. */
const REGISTERS =
  /^\s*(?:@?(?:import|use|forward)\s+["']|export\b|pub mod\b|mod\b|case\b|load\(|require(?:_relative|_once)?\b(?!.*=)|autoload\b|include\b|\/\/=|\*=|[\w.:]*(?:register|add_subdirectory|route)\w*\s*\()/i;
const ROUTES = /^\s*(?:get|post|put|patch|delete|live|resources?|match)[\s(]+["':]/;
/** Every file imports what it uses: such lines are a list where there is little else, or where most imports are of these. */
const IMPORTS = /^\s*(?:import\b|from\b|#\s*include\b|using\b|use\b|alias\b|(?:const|let|var)\s.*=\s*require\()/;
const LEAST_OF_FILE = 0.3;
const LEAST_OF_IMPORTS = 0.5;
const MANY = 5;

function shareOf(members: readonly string[], text: string): { readonly listed: number; readonly rows: number } {
  const stems = new Set(members.map((path) => plain(stemOf(path))).filter((stem) => stem.length >= 3));
  const shapes = new Map<string, Set<string>>();
  const imported = new Set<string>();
  const [named, listed, rows] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let [imports, ofThese, lines] = [0, 0, 0];
  let written = false;
  for (const line of text.split('\n')) {
    if (line.length > LONGEST || line.trim() === '') continue;
    lines++;
    if (BEGINS.test(line)) written = true;
    if (ENDS.test(line)) written = false;
    const isImport = IMPORTS.test(line) && !REGISTERS.test(line);
    if (isImport) imports++;
    const here = new Set<string>();
    const shape = line.replaceAll(WORD, (word) => {
      const stem = [plain(word), plain(stemOf(word))].find((each) => stems.has(each));
      if (stem === undefined) return word;
      here.add(stem);
      return '@';
    });
    if (here.size === 0) continue;
    for (const stem of here) named.add(stem);
    if (!written && ROW.test(line)) for (const stem of here) rows.add(stem);
    if (isImport) {
      ofThese++;
      for (const stem of here) imported.add(stem);
      continue;
    }
    const key = ROUTES.test(line) ? 'route' : (REGISTERS.exec(line)?.[0].trim() ?? shapeOf(shape));
    const known = shapes.get(key) ?? new Set();
    shapes.set(key, known);
    for (const stem of here) known.add(stem);
    if (here.size >= ALIKE) for (const stem of here) listed.add(stem);
  }
  for (const alike of shapes.values()) if (alike.size >= ALIKE) for (const stem of alike) listed.add(stem);
  const onlyThese = imported.size >= ALIKE && ofThese >= lines * LEAST_OF_FILE;
  if (onlyThese || (imported.size >= MANY && ofThese >= imports * LEAST_OF_IMPORTS))
    for (const stem of imported) listed.add(stem);
  return named.size === 0 ? { listed: 0, rows: 0 } : { listed: listed.size / named.size, rows: rows.size / named.size };
}

const WORD = /[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*/g;

/** A line without what differs between the entries of one list: texts, numbers, white space, in an element other names. */
function shapeOf(line: string): string {
  const element = /,\s*$/.test(line) ? line.replaceAll(/[A-Za-z_][\w.]*/g, '_') : line;
  return element
    .replaceAll(/"[^"@]*"|'[^'@]*'/g, '""')
    .replaceAll(/\d+/g, '0')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
