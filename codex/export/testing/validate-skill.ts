import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Root } from 'mdast';
import { parse } from 'yaml';
import { parseMarkdown } from '../../../facts/parse/markdown.ts';

const KEYS = new Set(['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools']);

/**
 * What is wrong with an agent skill by the limits of its format (agentskills.io), read anew from the disk: nothing of the
 * export is used. Empty: valid.
 */
export function validateSkill(folder: string): readonly string[] {
  const problems: string[] = [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  if (bytes >= 8_000_000) problems.push(`${bytes} bytes in all, of at most 8 MB`);
  for (const file of files)
    if (!/^(?:SKILL\.md|references\/[a-z0-9-]+\.md|assets\/[a-z.-]+)$/.test(file))
      problems.push(`${file}: not where files of a skill are`);
  if (!files.includes('SKILL.md')) return [...problems, 'no SKILL.md'];

  const text = readFileSync(join(folder, 'SKILL.md'), 'utf8');
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (!parts) return [...problems, 'SKILL.md: no front matter'];
  const [, front = '', body = ''] = parts;
  problems.push(...frontMatterProblems(parse(front) as Record<string, unknown>, basename(folder)));
  if (body.split('\n').length >= 500) problems.push(`SKILL.md: ${body.split('\n').length} lines, of at most 499`);
  if (body.length / 4 >= 5000) problems.push(`SKILL.md: about ${body.length / 4} tokens, of at most 4,999`);

  const links = linksOf(body);
  for (const file of files.filter((each) => each.startsWith('references/')))
    if (!links.has(file)) problems.push(`${file}: not linked from SKILL.md`);
  for (const link of links)
    if (!/^[a-z]+:/i.test(link) && !files.includes(link)) problems.push(`SKILL.md: dead link ${link}`);
  const pages = files
    .filter((each) => each.startsWith('references/'))
    .map((file) => {
      const page = readFileSync(join(folder, file), 'utf8');
      return { file, page, tree: parseMarkdown(page) };
    });
  problems.push(...pages.flatMap(pageProblems), ...indexProblems(folder, files, pages));
  return problems;
}

function frontMatterProblems(data: Record<string, unknown>, folder: string): readonly string[] {
  const problems = Object.keys(data).flatMap((key) => (KEYS.has(key) ? [] : [`SKILL.md: unknown key ${key}`]));
  const { name, description, license, compatibility, metadata } = data;
  if (typeof name !== 'string' || name.length > 64 || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    problems.push(`SKILL.md: name ${name}`);
  if (name !== folder) problems.push(`SKILL.md: name ${name} is not that of the folder, ${folder}`);
  if (typeof description !== 'string' || description.trim() === '' || description.length > 1024)
    problems.push(`SKILL.md: description of ${String(description).length} characters`);
  else {
    if (/[<>]/.test(description)) problems.push('SKILL.md: tags in the description');
    if (!/\bUse when\b/.test(description)) problems.push('SKILL.md: the description does not say when to use it');
  }
  if (license !== undefined && typeof license !== 'string') problems.push('SKILL.md: license');
  if (compatibility !== undefined && (typeof compatibility !== 'string' || compatibility.length > 500))
    problems.push('SKILL.md: compatibility');
  if (
    metadata !== undefined &&
    (typeof metadata !== 'object' || Object.values(metadata as object).some((value) => typeof value !== 'string'))
  )
    problems.push('SKILL.md: metadata must be texts');
  return problems;
}

function linksOf(markdown: string): ReadonlySet<string> {
  const links = new Set<string>();
  const visit = (node: { type: string; url?: string; children?: readonly unknown[] }): void => {
    if (node.type === 'link' && node.url !== undefined) links.add(node.url);
    for (const child of node.children ?? []) visit(child as typeof node);
  };
  visit(parseMarkdown(markdown));
  return links;
}

interface Page {
  readonly file: string;
  readonly page: string;
  /** As a Markdown parser sees it. */
  readonly tree: Root;
}

/** The IDs that stand as sections of a page. */
function sectionIds({ page, tree }: Page): readonly string[] {
  return tree.children.flatMap((node) => {
    if (node.type !== 'heading' || node.depth !== 3) return [];
    const id = /^### ([A-Z][A-Z0-9-]*-\d+)/.exec(page.slice(node.position!.start.offset!))?.[1];
    return id === undefined ? [] : [id];
  });
}

function pageProblems({ file, page, tree }: Page): readonly string[] {
  const problems: string[] = [];
  if (page.length / 4 >= 8000) problems.push(`${file}: about ${page.length / 4} tokens, of at most 7,999`);
  if (page.startsWith('---')) problems.push(`${file}: begins with front matter`);
  for (const node of tree.children) {
    const line = node.position!.start.line;
    if (node.type === 'html') problems.push(`${file}:${line}: HTML`);
    if (node.type === 'definition') problems.push(`${file}:${line}: a definition, which holds for the whole page`);
    if (node.type !== 'heading' || node.depth > 3) continue;
    if (node.depth === 1 && line !== 1) problems.push(`${file}:${line}: a second title`);
    if (node.depth === 2) problems.push(`${file}:${line}: a section of somebody else`);
    if (node.depth === 3 && !/^### [A-Z][A-Z0-9-]*-\d+: /.test(page.slice(node.position!.start.offset!)))
      problems.push(`${file}:${line}: a section that is no rule`);
  }
  return problems;
}

function indexProblems(folder: string, files: readonly string[], pages: readonly Page[]): readonly string[] {
  if (!files.includes('assets/index.json')) return ['no assets/index.json'];
  const index = JSON.parse(readFileSync(join(folder, 'assets/index.json'), 'utf8')) as {
    schema: string;
    rules: readonly { id: string; rev: number; title: string; level: string; status: string; file?: string }[];
  };
  const problems = index.schema === 'agentsmd/codex-index/1' ? [] : [`assets/index.json: schema ${index.schema}`];
  const placed = new Map<string, string>();
  for (const page of pages)
    for (const id of sectionIds(page)) {
      if (placed.has(id)) problems.push(`${id} stands in ${placed.get(id)} and ${page.file}`);
      placed.set(id, page.file);
    }
  for (const { id, status, file } of index.rules) {
    if (status === 'draft') problems.push(`${id}: a draft`);
    const used = status === 'active' || status === 'trial';
    if (used && placed.get(id) !== file) problems.push(`${id}: the index says ${file}, it stands in ${placed.get(id)}`);
    if (!used && placed.has(id)) problems.push(`${id}: retired, and stands in ${placed.get(id)}`);
  }
  const known = new Set(index.rules.map(({ id }) => id));
  for (const [id, file] of placed) if (!known.has(id)) problems.push(`${file}: ${id} is not in the index`);
  return problems;
}
