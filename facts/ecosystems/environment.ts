import { ecosystem } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { PlainFact } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { readDotenv, type Variable } from './environment/dotenv.ts';

const MAX_PER_DIR = 12;
const MAX_DIRS = 20;
const SECONDARY =
  /(^|\/)(examples?|samples?|demos?|docs?|tests?|__tests__|integration|e2e|playgrounds?|benchmarks?)(\/|$)/i;

/** Environment variables somebody has to set. Names only: a value could be a secret. */
export const environment = ecosystem({
  id: 'environment',
  title: 'Required environment variables',
  files: [
    ...['.env*example*', '.env*sample*', '.env*template*', '.env*.dist', '.env.dist'],
    ...['env*.example', 'env*.sample', 'env*.template', 'example*.env', 'sample*.env', 'template*.env'],
    ...['docker-compose*.yml', 'docker-compose*.yaml', 'compose*.yml', 'compose*.yaml', '/app.json'],
  ],
  *detect(repo) {
    const dirs = new Map<string, Map<string, Found>>();
    const templates = new Set<string>();
    for (const file of repo.files.toSorted((a, b) => distance(a.name) - distance(b.name))) {
      if (SECONDARY.test(file.dir)) continue;
      const variables = variablesOf(file);
      // Of several templates in a folder the others are for other places: only what they insist on counts.
      const least = isTemplate(file) && templates.has(file.dir) ? 2 : 0;
      if (isTemplate(file)) templates.add(file.dir);
      const found = dirs.get(file.dir) ?? new Map<string, Found>();
      if (variables.length > 0) dirs.set(file.dir, found);
      for (const variable of variables) {
        const known = found.get(variable.name);
        if (variable.weight >= least && (!known || known.weight < variable.weight)) {
          found.set(variable.name, { ...variable, at: file.at(variable.line) });
        }
      }
    }
    for (const [dir, found] of [...dirs].slice(0, MAX_DIRS)) yield* mostTelling(dir, [...found.values()]);
  },
});

function isTemplate(file: SourceFile): boolean {
  return !/\.(ya?ml|json)$/.test(file.name);
}

/** The plain template is the one to copy; one for development comes before one for production. */
function distance(name: string): number {
  if (/^\.?env\.(example|sample|template|dist)$/.test(name)) return 0;
  return /local|dev/.test(name) ? 1 : 2;
}

interface Found extends Variable {
  readonly at: Evidence;
}

function variablesOf(file: SourceFile): readonly Variable[] {
  if (file.name === 'app.json') return herokuVariables(file);
  if (/\.ya?ml$/.test(file.name)) return /^(docker-)?compose/.test(file.name) ? composeVariables(file) : [];
  return /\.(md|js|ts|json|py|sh|rb|php)$/.test(file.name) ? [] : readDotenv(file);
}

function* mostTelling(dir: string, found: readonly Found[]): Iterable<PlainFact> {
  const ranked = found
    .map((one, index) => ({ one, index }))
    .sort((a, b) => b.one.weight - a.one.weight || a.index - b.index);
  for (const [rank, { one }] of ranked.slice(0, MAX_PER_DIR).entries()) {
    yield {
      kind: 'fact',
      key: 'env.required',
      value: one.name,
      dir,
      source: 'config',
      evidence: [one.at],
      weight: MAX_PER_DIR - rank,
    };
  }
}

/** Compose refuses to start without `${NAME:?message}` (docs.docker.com: "Interpolation"). */
function composeVariables(file: SourceFile): readonly Variable[] {
  const found: Variable[] = [];
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (/^[ \t]*#/.test(text) || !text.includes('?')) continue;
    for (const match of text.matchAll(/(^|[^$])\$\{([A-Za-z_]\w*):?\?/g))
      found.push({ name: match[2]!, line, weight: 3 });
  }
  return found;
}

/** Heroku asks for what has neither a value nor a generator, unless it says `"required": false` (app.json schema: `env`). */
function herokuVariables(file: SourceFile): readonly Variable[] {
  const app = file.json();
  if (app?.get('expo')) return [];
  return (app?.get('env')?.entries() ?? []).flatMap(([name, setting]) => {
    const asked = setting.kind === 'map' && setting.get('required')?.value !== false;
    const given = setting.get('value')?.text || setting.get('generator')?.text;
    return asked && !given && /^[A-Za-z_]\w*$/.test(name) ? [{ name, line: setting.keyLine, weight: 2 }] : [];
  });
}
