import { ecosystem } from '../ecosystem.ts';
import table from '../languages/table.json' with { type: 'json' };
import { isAside, type PathIndex } from '../path-index.ts';

/** A language with less than this share of the code is not a main one. */
const LEAST_SHARE = 0.1;
const MOST = 3;
/** Code about the code weighs less: a Go service with a large JavaScript documentation site is a Go service. */
const SECONDARY =
  /^(?:[^/]+\/)?(?:docs?|website|site|examples?|samples?|demos?|bench|benchmarks?|e2e|playgrounds?|scripts?|tools?|ci|\.github|\.gitlab)\//i;
const TESTS = /(?:^|\/)(?:tests?|t|__tests__|specs?|testing|integration)\//i;
/** Most templates of a chart are YAML with a few braces: a service is not written in what deploys it. */
const CHART_TEMPLATE = 0.25;
/** Folders in which sources of other projects stand side by side, each with its own licence. */
const BUNDLES = ['lib', 'libs', 'deps', 'contrib', 'src/third_party', 'ext'];

const EXTENSIONS: Readonly<Record<string, string>> = table.extensions;
const NAMES: Readonly<Record<string, string>> = table.names;

/** Counts files by language, under Linguist's names. Never bytes: those would need every blob. */
export const languages = ecosystem({
  id: 'languages',
  title: 'Languages',
  files: [],
  follow: (repo) => mainLanguages(repo.paths).flatMap(({ samples }) => samples),
  *detect(repo) {
    for (const { language, weight, samples } of mainLanguages(repo.paths)) {
      const shown = samples.map((path) => repo.file(path)).find((file) => file !== undefined && file.lines.count > 0);
      if (!shown) continue;
      yield {
        kind: 'fact',
        key: 'language',
        value: language,
        dir: '',
        source: 'convention',
        evidence: [shown.at(1)],
        weight,
      };
    }
  },
});

interface MainLanguage {
  readonly language: string;
  readonly weight: number;
  /** A few files to point to, shallowest first. */
  readonly samples: readonly string[];
}

/** The languages with the most files, the first one leading. */
export function mainLanguages(paths: PathIndex): readonly MainLanguage[] {
  return paths.once('main languages', count);
}

function count(paths: PathIndex): readonly MainLanguage[] {
  const bundles = BUNDLES.filter((dir) => isBundle(dir, paths)).map((dir) => `${dir}/`);
  const charts = new Set(paths.named('Chart.yaml').map((path) => path.slice(0, -'Chart.yaml'.length)));
  const weights = new Map<string, number>();
  const samples = new Map<string, string[]>();
  let lastDir = '';
  let factor = 1;
  let chart: string | undefined;
  for (const { path, kind } of paths.entries) {
    if (kind !== 'file' && kind !== 'executable') continue;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const dot = name.lastIndexOf('.');
    const dir = path.slice(0, slash + 1);
    if (dir !== lastDir) {
      lastDir = dir;
      chart = chartOf(dir, charts);
      factor = weightOf(chart ?? dir, bundles);
    }
    const language =
      chart === undefined
        ? ((Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? languageByEnding(name, dot))
        : 'Go Template';
    if (factor === 0 || language === undefined) continue;
    weights.set(language, (weights.get(language) ?? 0) + (chart === undefined ? factor : factor * CHART_TEMPLATE));
    if (factor === 1) keepSample(samples, language, path);
  }
  // Headers belong to whichever of the languages has the sources.
  const c = weights.get('C') ?? 0;
  const cpp = weights.get('C++') ?? 0;
  if (
    cpp > 0 &&
    c > 0 &&
    sourcesOf(paths, '.c', bundles) < sourcesOf(paths, '.cpp', bundles) + sourcesOf(paths, '.cc', bundles)
  ) {
    weights.set('C++', c + cpp);
    weights.set('C', 0);
  }
  const objc = weights.get('Objective-C') ?? 0;
  const rest = weights.get('C') ?? 0;
  if (objc > 0 && rest > 0 && sourcesOf(paths, '.c', bundles) < sourcesOf(paths, '.m', bundles)) {
    weights.set('Objective-C', objc + rest);
    weights.set('C', 0);
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return [...weights]
    .filter(([, weight]) => weight > 0 && weight >= total * LEAST_SHARE)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST)
    .map(([language, weight]) => ({ language, weight, samples: samples.get(language) ?? [] }));
}

function languageByEnding(name: string, dot: number): string | undefined {
  return dot > 0 ? EXTENSIONS[name.slice(dot).toLowerCase()] : undefined;
}

/** The Helm chart whose templates a folder holds: Linguist knows them as Go Template by `_helpers.tpl`. */
function chartOf(dir: string, charts: ReadonlySet<string>): string | undefined {
  if (charts.size === 0) return undefined;
  for (let at = dir.indexOf('templates/'); at >= 0; at = dir.indexOf('templates/', at + 1)) {
    if (charts.has(dir.slice(0, at))) return dir.slice(0, at);
  }
  return undefined;
}

function weightOf(dir: string, bundles: readonly string[]): number {
  if (isAside(dir) || bundles.some((bundle) => dir.startsWith(bundle))) return 0;
  return SECONDARY.test(dir) ? 0.1 : TESTS.test(dir) ? 0.3 : 1;
}

function keepSample(samples: Map<string, string[]>, language: string, path: string): void {
  const kept = samples.get(language);
  if (!kept) samples.set(language, [path]);
  else if (kept.length < 3 || path.length < kept.at(-1)!.length) {
    kept.push(path);
    kept.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
    kept.length = Math.min(kept.length, 3);
  }
}

function sourcesOf(paths: PathIndex, extension: string, bundles: readonly string[]): number {
  let total = 0;
  for (const { path } of paths.entries)
    if (path.endsWith(extension) && !bundles.some((bundle) => path.startsWith(bundle))) total++;
  return total;
}

/** Three or more folders with a licence of their own. */
function isBundle(dir: string, paths: PathIndex): boolean {
  if (!paths.hasDir(dir)) return false;
  const licensed = new Set<string>();
  for (const { path } of paths.under(dir)) {
    const [project, name, deeper] = path.slice(dir.length + 1).split('/');
    if (deeper === undefined && name !== undefined && /^(?:licen[cs]e|copying)/i.test(name)) licensed.add(project!);
  }
  return licensed.size >= 3;
}
