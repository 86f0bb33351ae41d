import { unwrap } from '../../commands/unwrap.ts';
import type { RepoView } from '../../ecosystem.ts';
import { joinPath } from '../../path-index.ts';
import type { PlainFact } from '../../signal.ts';
import type { Manifest } from './package-json.ts';
import type { Project } from './projects.ts';
import { plain } from './script-calls.ts';

const MAX_COMMANDS = 5;

/** Where a package starts: the commands it installs, the file `start` or `dev` runs, and what `import` finds. Only files that exist. */
export function* entryPoints(repo: RepoView, { manifest, dir, kind }: Project): Generator<PlainFact> {
  const { tree, file, name } = manifest;
  const bin = tree.get('bin');
  const commands =
    bin?.kind === 'map' ? bin.entries() : bin && name ? [[name.replace(/^@[^/]*\//, ''), bin] as const] : [];
  for (const [command, at] of commands.slice(0, MAX_COMMANDS)) {
    const source = sourceOf(repo, dir, at.text);
    if (source) yield fact(`${command} -> ${source}`, dir, file.at(at.keyLine), 3);
  }
  for (const script of ['start', 'dev']) {
    const line = manifest.scripts.get(script)?.line;
    const started = startedFile(repo, manifest, script);
    if (started && line !== undefined && !HELPERS.test(started)) yield fact(started, dir, file.at(line), 2);
  }
  if (kind === 'member') return;
  const main = tree.get('exports', '.') ?? tree.get('exports') ?? tree.get('module') ?? tree.get('main');
  const target = deepest(main);
  const source = target && sourceOf(repo, dir, target.text);
  if (target && source) yield fact(source, dir, file.at(target.line), 0);
}

/** Of conditional exports the first that holds code. */
function deepest(tree: ReturnType<Manifest['tree']['get']>): typeof tree {
  for (let at = tree, depth = 0; at && depth < 5; depth++) {
    if (at.kind === 'scalar') return at;
    const conditions = at.entries().filter(([name]) => name !== 'types' && (name === '.' || !name.startsWith('.')));
    at = conditions[0]?.[1];
  }
  return undefined;
}

/** A `dev` that starts a script of the build is no entry point of the product. */
const HELPERS = /(?:^|\/)(?:scripts?|build|tools?|bin\/dev)\/|(?:^|\/)(?:build|dev|watch)\.\w+$/;
const RUNS_FILES =
  /^(?:node|nodemon|tsx|ts-node|ts-node-dev|ts-node-esm|babel-node|bun|deno|electron|esno|jiti|vite-node)$/;

function startedFile(repo: RepoView, { scripts, dir }: Manifest, name: string): string | undefined {
  const last = scripts.get(name)?.calls.at(-1);
  const words = unwrap(last?.words ?? []).words;
  if (last?.dir !== '' || !RUNS_FILES.test(words[0] ?? '')) return undefined;
  const candidates = plain(words.slice(1), []).filter((word) => word !== 'run' && word !== 'watch');
  for (const word of candidates) {
    const path = joinPath(dir, word);
    if (path !== undefined && repo.paths.isFile(path)) return path;
    const source = /\.[cm]?js$/.test(word) ? sourceOf(repo, dir, word) : undefined;
    if (source) return source;
  }
  return undefined;
}

const ENDINGS = ['ts', 'tsx', 'mts', 'js', 'mjs', 'cts', 'jsx', 'cjs'];

/** The file itself, else the source a build would make it from: `dist/cli.js` from `src/cli.ts` or `cli.ts`. */
function sourceOf(repo: RepoView, dir: string, target: string | undefined): string | undefined {
  const path = target === undefined || target.includes('*') ? undefined : joinPath(dir, target.replace(/^\.?\//, ''));
  if (path === undefined || path === '') return undefined;
  if (repo.paths.isFile(path)) return path;
  const inside = dir === '' ? path : path.slice(dir.length + 1);
  const built =
    /^(?:dist|build|lib|out|output|esm|cjs|es)\/(?:(?:esm|cjs|es|src|lib|node)\/)?(.+?)\.(?:d\.)?[cm]?js$/.exec(
      inside,
    )?.[1];
  if (built === undefined) return undefined;
  const at = dir === '' ? '' : `${dir}/`;
  for (const folder of ['src/', '', 'lib/', 'source/']) {
    for (const ending of ENDINGS) {
      const candidate = `${at}${folder}${built}.${ending}`;
      if (repo.paths.isFile(candidate)) return candidate;
    }
  }
  return undefined;
}

function fact(value: string, dir: string, evidence: PlainFact['evidence'][number], weight: number): PlainFact {
  return { kind: 'fact', key: 'entrypoint', value, dir, source: 'config', evidence: [evidence], weight };
}
