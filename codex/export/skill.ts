import { type Codex, RuleIndex } from '../codex.ts';
import { isRetired, type Rule } from '../rule.ts';
import { embedLine } from './embed.ts';
import { LAYOUTS, PAGE_LENGTH, type Page, pagesOf } from './pages.ts';
import { ruleIndex } from './rule-index.ts';
import { type Detail, type RuleSection, ruleSection } from './rule-section.ts';
import { skillPage } from './skill-page.ts';
import { tokensOf } from './tokens.ts';

export interface Skill {
  /** The name of its folder. */
  readonly name: string;
  readonly files: readonly SkillFile[];
  /** Of SKILL.md below its front matter, estimated. */
  readonly tokens: number;
  /** What of the codex is not in it, and why. */
  readonly warnings: readonly string[];
}

export interface SkillFile {
  /** From the folder of the skill. */
  readonly path: string;
  readonly text: string;
}

/** The codex cannot be made into a skill. */
class SkillError extends Error {
  override readonly name = 'SkillError';
  readonly exitCode = 2;
}

/** Of the whole skill, in bytes: 8 MB are the most. */
const MOST_BYTES = 7_500_000;

/** How much is told of rules that say MUST, and of the others; each less than the one before. */
const MEASURES: readonly (readonly [must: Detail, others: Detail])[] = [
  ['full', 'full'],
  ['text', 'text'],
  ['text', 'brief'],
  ['brief', 'brief'],
  ['brief', 'title'],
  ['title', 'title'],
];

/**
 * The codex as an agent skill: SKILL.md, which links every page of references/, and an index for tools. Drafts are left
 * out; retired rules are named with what took their place. A codex that does not fit whole is told in fewer words.
 *
 * @throws {SkillError} where even the titles do not fit.
 */
export function buildSkill(codex: Codex): Skill {
  const { name } = codex.manifest;
  // Agents refuse a skill of such a name.
  if (/anthropic|claude/.test(name) || name === 'skill')
    throw new SkillError(`codex.yaml: name: ${JSON.stringify(name)} is reserved, a skill cannot have it`);
  const inUse = codex.rules.filter((rule) => rule.status === 'active' || rule.status === 'trial');
  const retired = retiredPages(codex);
  for (const measure of MEASURES) {
    const sections = sectionsOf(codex, inUse, measure);
    if (inUse.reduce((sum, rule) => sum + Buffer.byteLength(sections(rule).text), 0) > MOST_BYTES) continue;
    for (const layout of LAYOUTS) {
      const pages = pagesOf(inUse, sections, layout);
      const skill = assemble(codex, pages, retired, warningsOf(measure, inUse, sections));
      if (skill) return skill;
    }
  }
  throw new SkillError(
    `${inUse.length} rules do not fit into one skill: even their titles take more than ${MOST_BYTES / 1e6} MB or more pages than SKILL.md can link; export folders of the codex by themselves`,
  );
}

function sectionsOf(
  codex: Codex,
  inUse: readonly Rule[],
  [must, others]: (typeof MEASURES)[number],
): (rule: Rule) => RuleSection {
  const known = new Map(
    inUse.map((rule) => [rule, ruleSection(rule, rule.level === 'MUST' ? must : others, urlOf(codex, rule))]),
  );
  return (rule) => known.get(rule)!;
}

/** Where a rule is on the web, as the codex says. */
function urlOf({ manifest: { url } }: Codex, { file, id }: Rule): string | undefined {
  const address = url?.replaceAll('{file}', file).replaceAll('{id}', id);
  return address !== undefined && /^https?:\/\/[^\s<>]+$/.test(address) ? address : undefined;
}

function warningsOf(
  [must, others]: (typeof MEASURES)[number],
  inUse: readonly Rule[],
  sections: (rule: Rule) => RuleSection,
): readonly string[] {
  const left = {
    full: '',
    text: 'without examples',
    brief: 'with their first paragraph only',
    title: 'with their titles only',
  };
  const said =
    must === others
      ? `its rules are told ${left[must]}`
      : `its MUST rules are told ${left[must]}, others ${left[others]}`;
  const cut = inUse.filter((rule) => sections(rule).cut).map(({ id }) => id);
  return [
    ...(must === 'full'
      ? []
      : [
          `This codex of ${inUse.length} rules is too big for one skill: ${said}. \`agentsmd codex explain ID\` prints a rule whole.`,
        ]),
    ...(cut.length === 0
      ? []
      : [
          `Longer than a page, and cut: ${cut.slice(0, 10).join(', ')}${cut.length > 10 ? ` and ${cut.length - 10} more` : ''}.`,
        ]),
  ];
}

function assemble(
  codex: Codex,
  pages: readonly Page[],
  retired: readonly SkillFile[],
  warnings: readonly string[],
): Skill | undefined {
  const page = skillPage({ codex, pages, retired: retired.map(({ path }) => path), leftOut: warnings });
  if (page === undefined) return undefined;
  const fileOf = new Map(pages.flatMap(({ path, rules }) => rules.map((rule) => [rule.id, path] as const)));
  const index = ruleIndex(codex, ({ id }) => fileOf.get(id));
  const files = [
    ...pages.map(({ path, text }) => ({ path, text })),
    ...retired,
    { path: 'assets/index.json', text: index },
    { path: 'SKILL.md', text: page },
  ];
  if (files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) > MOST_BYTES) return undefined;
  const body = page.slice(page.indexOf('\n---\n') + 5);
  return { name: codex.manifest.name, files, tokens: tokensOf(body), warnings };
}

/** Old citations resolve: each retired ID with what took its place. */
function retiredPages({ rules }: Codex): readonly SkillFile[] {
  const index = new RuleIndex(rules);
  const lines = rules.filter(isRetired).map((rule) => {
    const next = index.successors(rule).map(({ id }) => id);
    return `- ${rule.id}: ${next.length > 0 ? `see ${next.join(', ')}` : 'dropped'} (was: ${embedLine(rule.title)})`;
  });
  const pages: string[][] = [];
  let room = 0;
  for (const line of lines) {
    if (pages.length === 0 || line.length + 1 > room) {
      pages.push([]);
      room = PAGE_LENGTH;
    }
    pages.at(-1)!.push(line);
    room -= line.length + 1;
  }
  return pages.map((page, at) => ({
    path: `references/retired-ids${pages.length > 1 ? `-${at + 1}` : ''}.md`,
    text: `# Retired IDs\n\nNothing asks for these rules any more. What cites one means the rule that took its place.\n\n${page.join('\n')}\n`,
  }));
}
