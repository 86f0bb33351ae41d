import { parentDir } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { paragraphsOf, sentencesOf } from '../prose/sentences.ts';
import type { Rule, World } from '../rule.ts';

/** "We use React" stands in the manifest, which every agent opens first. */
export const inferableFact: Rule = {
  id: 'AMD308',
  name: 'inferable-fact',
  severity: 'info',
  title: 'A line names what is used and nothing else, and a manifest says the same.',
  why: 'Agents read manifests; what they find out by themselves costs tokens in every session and helps in none.',
  source: 'https://arxiv.org/abs/2602.11988',
  *check(document, world) {
    for (const { text, piece, within, code, link, headings } of paragraphsOf(document)) {
      if (within === 'cell' || code || link || text.length > LONGEST || /\d/.test(text)) continue;
      const [sentence, ...more] = sentencesOf(text);
      if (sentence === undefined || more.length > 0) continue;
      const names = namesOf(sentence, STACK.test(headings.at(-1) ?? '') && within === 'item');
      if (names.length === 0) continue;
      if (!names.every((name) => isDeclared(name, document, world))) continue;
      yield {
        at: piece,
        severity: 'info',
        message: 'the manifest says it too: add what it does not say (a command, a limit, a choice), or take it out',
      };
    }
  },
};

const LONGEST = 120;
const STACK = /\b(?:tech(?:nolog(?:y|ies))?(?: stack)?|stack|built with|dependencies|frameworks?|tools|languages?)\b/i;
const SAYS =
  /^(?:(?:we|i|this|the|our|it)(?: (?:project|repo(?:sitory)?|app(?:lication)?|package|library|code ?base|frontend|backend|server|client|site|website|service))?(?: is)? )?(?:uses?|using|built (?:with|on|using)|written in|made with|based on|powered by) (?<names>.+)$/i;
const LABEL =
  /^(?:frameworks?|(?:programming )?languages?|ui(?: library| framework)?|styling|css|database|orm|testing|tests?|test (?:framework|runner)|build(?: tool| system)?|bundler|linter|linting|formatter|formatting|state(?: management)?|routing|frontend|backend|runtime|validation|auth(?:entication)?|stack|tech stack|package manager|web framework|http client|type checking|types)\s?(?::|–|—| - )\s?(?<names>.+)$/i;

/** What a sentence names, where it does nothing else. */
function namesOf(sentence: string, listed: boolean): readonly string[] {
  const plainText = sentence.replace(/[.!;]+$/, '').trim();
  const names = (SAYS.exec(plainText) ?? LABEL.exec(plainText))?.groups?.names ?? (listed ? plainText : undefined);
  if (names === undefined) return [];
  return names
    .split(/,\s+(?:and\s+)?|\s+(?:and|with|\+|&|\/)\s+/i)
    .map((name) => name.replace(/ (?:for|as) (?:the |our |all )?(?:[a-z-]+ ?){1,3}$/, '').trim())
    .filter((name) => name !== '');
}

/** `Next.js` is `next`, `Tailwind CSS` is `tailwindcss`. */
function plain(name: string): string {
  const letters = name
    .toLowerCase()
    .replace(/^@[^/]+\//, '')
    .replace(/\.js$/, '')
    .replace(/[^a-z0-9+#]/g, '');
  return letters.length > 4 ? letters.replace(/js$/, '') : letters;
}

const known = new WeakMap<World, ReadonlyMap<string, ReadonlySet<string>>>();

/** What the manifests of each folder declare; `*` for all of them. */
function declared(world: World): ReadonlyMap<string, ReadonlySet<string>> {
  let folders = known.get(world);
  if (!folders) {
    const found = new Map<string, Set<string>>();
    const add = (dir: string, name: string): void => {
      if (name === '') return;
      for (const folder of [dir, '*']) {
        const names = found.get(folder);
        if (names) names.add(name);
        else found.set(folder, new Set([name]));
      }
    };
    for (const signal of world.survey.signals)
      if (signal.kind === 'dependency' && !signal.indirect) add(signal.dir, plain(signal.name));
    for (const { key, value } of world.survey.facts.facts) if (TOOLS.test(key)) add('', plain(value));
    folders = found;
    known.set(world, folders);
  }
  return folders;
}

const TOOLS = /^(?:language|package-manager|test-framework|linter|formatter|type-checker|build-system)$/;

/** Dependencies that the manifests of its folder and those above declare, languages and tools; below the root any. */
function isDeclared(name: string, { dir }: AgentDocument, world: World): boolean {
  const folders = declared(world);
  const wanted = plain(name);
  if (dir === '') return folders.get('*')?.has(wanted) ?? false;
  for (let at = dir; at !== ''; at = parentDir(at)) if (folders.get(at)?.has(wanted)) return true;
  return folders.get('')?.has(wanted) ?? false;
}
