import { parseVersion } from '../../../facts/dependencies/versions.ts';
import type { Dependency, OwnVersion } from '../../../facts/signal.ts';
import type { World } from '../rule.ts';
import { PRODUCTS } from './products.ts';
import type { Statement } from './statements.ts';

/** What the manifests say, by every name that people may use for it. */
export interface Known {
  readonly dependencies: ReadonlyMap<string, readonly Dependency[]>;
  readonly own: readonly OwnVersion[];
}

const known = new WeakMap<World['survey'], Known>();

export function knownVersions({ survey }: World): Known {
  let found = known.get(survey);
  if (!found) {
    const dependencies = new Map<string, Dependency[]>();
    const own: OwnVersion[] = [];
    for (const signal of survey.signals) {
      if (signal.kind === 'own-version') own.push(signal);
      if (signal.kind !== 'dependency') continue;
      for (const name of namesOf(signal)) {
        const same = dependencies.get(name);
        if (same) same.push(signal);
        else dependencies.set(name, [signal]);
      }
    }
    found = { dependencies, own };
    known.set(survey, found);
  }
  return found;
}

/** A Go module and a Maven artifact are also known by the end of their name: `client-go/v2`, `jackson-databind`. */
function namesOf({ registry, name }: Dependency): readonly string[] {
  if (registry === 'maven' || registry === 'gradle-plugin') {
    const artifact = name.slice(name.indexOf(':') + 1);
    const plugin = /^(?:org\.springframework\.boot|io\.quarkus)$/.test(name.split(':')[0]!)
      ? [name.split(':')[0]!]
      : [];
    return [...new Set([name, ...(artifact.includes('-') ? [artifact] : []), ...plugin])];
  }
  if (registry !== 'go') return [name];
  const names = new Set([name]);
  for (const whole of [name, name.replace(/\/v\d+$/, '')]) {
    const parts = whole.split('/');
    for (let at = parts.length - 1; at > 0; at--) {
      const end = parts.slice(at).join('/');
      if (!/^v\d+$/.test(end)) names.add(end);
    }
  }
  return [...names];
}

/** Package names that are words: beside a number they mostly mean something else. */
const WORDS =
  /^(?:http|https|url|log|time|version|semver|rand|regex|config|debug|path|process|events|test|tests|api|sdk|core|common|base|async|sync|net|sys|io|os|cli|app|web|server|client|rules|utils?|types?|json|yaml|toml|xml|html|css|sass|svg|uuid|glob|ws|next|node|python|go|ruby|php|java|rust|swift|dart|license|apache|mit|port|phase|step|level|section|rule|stage|chapter|part|item|issue|line|lines|page|option|options|email|mail|cache|queue|retry|arrow|table|tree|image|color|colors|open|select|schema|range|ranges|number|string|date|status|state|error|errors|build|packages?)$/i;

/** The dependencies that the words before a version name, and how they are written there. */
export function dependenciesNamed(
  statement: Statement,
  { dependencies }: Known,
): { readonly name: string; readonly found: readonly Dependency[] } | undefined {
  for (const name of namesBefore(statement)) {
    const products = PRODUCTS.get(name.toLowerCase());
    const found = products?.flatMap((product) => dependencies.get(product) ?? []) ?? [];
    if (found.length > 0) return { name, found };
    const direct = (dependencies.get(name) ?? []).filter((each) => isSameLine(each, name, statement));
    if (direct.length > 0 && isNameLike(name, statement)) return { name, found: direct };
  }
  return undefined;
}

/** The last word of a Go module is often a program's name, too, whose releases are numbered apart: `kubectl` 1.30 and its module v0.30. */
function isSameLine({ registry, name, range }: Dependency, said: string, { claim }: Statement): boolean {
  if (registry !== 'go' || said === name || said.includes('/')) return true;
  return parseVersion(range ?? '')?.parts[0] === claim.version.parts[0];
}

/** A plain word is a package's name where the version has a dot, or where it fills a table's cell. */
function isNameLike(name: string, { claim, cell }: Statement): boolean {
  if (cell?.own === '') return true;
  if (WORDS.test(name) || name.length < 3) return false;
  return /[@/.:_-]/.test(name) || claim.version.parts.length > 1 || /^v/i.test(claim.text);
}

function lastWords(text: string): readonly string[] {
  const words = text.slice(-120).split(/\s+/).map(bare).filter(Boolean);
  return [3, 2, 1].flatMap((count) => (words.length >= count ? [words.slice(-count).join(' ')] : []));
}

const NAME = /[@A-Za-z][\w@./:+#-]*/y;

/** The words that may be a name, the longest first: three, two or one right before the version, or a row's first cell. */
export function namesBefore({ before, cell }: Statement): readonly string[] {
  if (cell && cell.own === '' && cell.column > 0) {
    return /version|release|current|tag|pin|range|^$/i.test(cell.heading) ? [cell.first] : [];
  }
  const text = (cell ? cell.own : before.replace(/.*\|/, '')).trimEnd();
  const trimmed = text
    .replace(/[\s:=(,@–—-]+$/, '')
    .replace(/\s+(?:versions?|ver\.?|v|is|at|minimum|min|stable)$/i, '')
    .replace(/[\s:=(,–—-]+$/, '');
  const names = lastWords(trimmed);
  // `laravel/framework (LARAVEL) - v12`: what stands in brackets says the name again.
  const outside = /^(.*\S)\s*\([^()]{1,40}\)$/.exec(trimmed)?.[1];
  return outside === undefined ? names : [...lastWords(outside), ...names];
}

function bare(word: string): string {
  const start = word.search(/[@A-Za-z.]/);
  if (start < 0) return '';
  NAME.lastIndex = word[start] === '.' ? start + 1 : start;
  const found = NAME.exec(word)?.[0] ?? '';
  return (word[start] === '.' ? '.' : '') + found.replace(/[.:,;]+$/, '');
}
