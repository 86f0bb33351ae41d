import { joinPath } from '../../facts/path-index.ts';
import { isRetired, type Rule } from '../rule.ts';

const BEGIN = '<!-- rules: begin -->';
const END = '<!-- rules: end -->';

export interface OverviewInput {
  readonly title: string;
  /** Every rule of the codex as it will be. */
  readonly rules: readonly Rule[];
  /** Titles of domains, by folder, where they are known. */
  readonly titles: ReadonlyMap<string, string>;
  /** The overview pages there are. */
  readonly pages: ReadonlyMap<string, string>;
}

/**
 * The overview pages of a codex: `README.md` of every folder with rules, and at the root. A page that is there keeps its
 * text; only the list between our two marks is written anew, and a page without them is left alone.
 */
export function overviewPages({ title, rules, titles, pages }: OverviewInput): ReadonlyMap<string, string> {
  const byDomain = Map.groupBy(rules, ({ domain }) => domain);
  const domains = [...byDomain.keys()].filter((domain) => domain !== '').sort();
  const files = new Map<string, string>();
  const put = (path: string, heading: string, list: readonly string[]): void => {
    const text = page(pages.get(path), heading, list);
    if (text !== undefined && text !== pages.get(path)) files.set(path, text);
  };
  put('README.md', title, [
    ...domains.map((domain) => {
      const count = byDomain.get(domain)!.filter((rule) => !isRetired(rule)).length;
      return `- [${plain(titles.get(domain) ?? domain)}](${domain}/README.md): ${count} ${count === 1 ? 'rule' : 'rules'}`;
    }),
    ...ruleList(byDomain.get('') ?? []),
  ]);
  for (const domain of domains) {
    const heading = titles.get(domain) ?? domain.slice(domain.lastIndexOf('/') + 1);
    put(joinPath(domain, 'README.md')!, heading, ruleList(byDomain.get(domain)!));
  }
  return files;
}

function ruleList(rules: readonly Rule[]): readonly string[] {
  return [...rules]
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
    .map((rule) => {
      const name = rule.file.slice(rule.file.lastIndexOf('/') + 1);
      const state = rule.status === 'active' || rule.status === 'trial' ? rule.level : rule.status;
      return `- [${rule.id}](${name}): ${plain(rule.title)} (${state})`;
    });
}

function page(existing: string | undefined, heading: string, list: readonly string[]): string | undefined {
  const block = [BEGIN, ...list, END].join('\n');
  if (existing === undefined) return `# ${plain(heading)}\n\n${block}\n`;
  const [begin, end] = [existing.indexOf(BEGIN), existing.indexOf(END)];
  if (begin < 0 || end < begin) return undefined;
  return `${existing.slice(0, begin)}${block}${existing.slice(end + END.length)}`;
}

/** Words of a document that begin no link, tag or comment here. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\](?=[([])/g, '\\]')
    .replace(/<(?=[a-z/!?])/gi, '\\<');
}
