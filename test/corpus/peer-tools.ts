/**
 * agentsmd and two public libraries that say what a repository is made of, behind one interface. The libraries are
 * installed for a comparison only and are no dependency: see `peers.ts`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { analyze } from '../../facts/index.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits, type RepoEntry, type RepoReader } from '../../forge/reader.ts';
import { PURPOSE_OF, type Purpose, valuesOf } from './compare.ts';

/** What a tool says of a repository, best first where it ranks. */
export interface Answer {
  readonly languages: readonly string[];
  readonly managers: readonly string[];
  readonly testFrameworks: readonly string[];
  readonly commands: Readonly<Partial<Record<Purpose, readonly string[]>>>;
}

export interface Tool {
  readonly name: string;
  /** Only the first language and manager are its answer; of a tool that does not rank, all of them are. */
  readonly ranks: { readonly languages: boolean; readonly managers: boolean };
  readonly limits: ReadLimits;
  ask(reader: RepoReader): Promise<Answer>;
}

const PEERS = { '@specfy/stack-analyser': '1.27.3', '@netlify/build-info': '10.5.1' } as const;

/** The libraries themselves set no limit on the size of a file. */
const PEER_LIMITS: ReadLimits = { fileBytes: 64 << 20, totalBytes: 1 << 30 };

/**
 * Installs the peers into a folder, without their install scripts, unless they are there in these versions.
 *
 * @returns why it did not work, in one line; nothing where it did.
 */
export function installPeers(folder: string): string | undefined {
  const installed = Object.entries(PEERS).every(([name, version]) => {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
  });
  if (installed) return undefined;
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const packages = Object.entries(PEERS).map(([name, version]) => `${name}@${version}`);
  const { status, error, stderr } = spawnSync('npm', ['install', ...quiet, ...packages], { encoding: 'utf8' });
  if (status === 0) return undefined;
  return (
    error?.message ?? (stderr.split('\n').find((line) => /\berr/i.test(line)) ?? `npm ended with ${status}`).trim()
  );
}

/** agentsmd first, then the peers of a folder that {@link installPeers} has filled. */
export async function loadTools(folder: string): Promise<readonly Tool[]> {
  process.env.LOG_LEVEL = '-1'; // stack-analyser prints what it cannot read
  const load = (file: string) => import(pathToFileURL(join(folder, 'node_modules', file)).href);
  const stackAnalyser: StackAnalyser = await load('@specfy/stack-analyser/dist/index.js');
  await load('@specfy/stack-analyser/dist/autoload.js'); // its rules
  const buildInfo: BuildInfo = await load('@netlify/build-info/lib/index.js');
  return [agentsmd, ofStackAnalyser(stackAnalyser), ofBuildInfo(buildInfo)];
}

const agentsmd: Tool = {
  name: 'agentsmd',
  ranks: { languages: true, managers: true },
  limits: DEFAULT_READ_LIMITS,
  ask: async (reader) => {
    const { facts } = await analyze(reader, { agentDocs: false });
    return {
      languages: valuesOf(facts, 'language'),
      managers: valuesOf(facts, 'package-manager'),
      testFrameworks: valuesOf(facts, 'test-framework'),
      commands: Object.fromEntries(
        Object.values(PURPOSE_OF).map((purpose) => [purpose, valuesOf(facts, `command.${purpose}`)]),
      ),
    };
  },
};

/** The part of @specfy/stack-analyser that is used. */
interface StackAnalyser {
  analyser(options: { provider: object }): Promise<Payload>;
  readonly tech: { readonly indexed: Readonly<Record<string, { readonly type: string }>> };
  readonly lang: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}
interface Payload {
  readonly languages: Readonly<Record<string, number>>;
  readonly techs: ReadonlySet<string>;
  readonly childs: readonly Payload[];
}

/** Its names for package managers where they are not everybody's; Go's manager is Go. */
const STACK_MANAGERS: Readonly<Record<string, string>> = { phpcomposer: 'composer', golang: 'go' };

function ofStackAnalyser({ analyser, tech, lang }: StackAnalyser): Tool {
  const programming = new Set(lang.list.filter(({ type }) => type === 'programming').map(({ name }) => name));
  return {
    name: '@specfy/stack-analyser',
    // It counts the files of each language; of everything else it gives a set.
    ranks: { languages: true, managers: false },
    limits: PEER_LIMITS,
    ask: async (reader) => {
      const tree = new Tree(await reader.paths());
      const payload = await analyser({
        provider: {
          basePath: '/',
          listDir: async (dir: string) =>
            tree.list(dir).map(([name, kind]) => ({ name, type: kind, fp: posix.join(dir, name) })),
          open: (path: string) => textOf(reader, path),
          stat: async (path: string) => {
            const text = await textOf(reader, path);
            return text === null ? null : { size: Buffer.byteLength(text) };
          },
        },
      });
      const files = new Map<string, number>();
      const techs = new Set<string>();
      for (const part of withParts(payload)) {
        for (const [name, count] of Object.entries(part.languages)) files.set(name, (files.get(name) ?? 0) + count);
        for (const name of part.techs) techs.add(name);
      }
      const ofType = (type: string) => [...techs].filter((name) => tech.indexed[name]?.type === type);
      return {
        languages: [...files]
          .filter(([name]) => programming.has(name))
          .sort((a, b) => b[1] - a[1])
          .map(([name]) => name),
        managers: [...ofType('package_manager'), ...[...techs].filter((name) => name === 'golang')].map(
          (name) => STACK_MANAGERS[name] ?? name,
        ),
        testFrameworks: ofType('test'),
        commands: {},
      };
    },
  };
}

function* withParts(payload: Payload): Generator<Payload> {
  yield payload;
  for (const child of payload.childs) yield* withParts(child);
}

/** The part of @netlify/build-info that is used, in the order of its own `getBuildInfo`. */
interface BuildInfo {
  readonly FileSystem: new () => { logger: object; cwd: string; join(...parts: string[]): string };
  readonly Project: new (
    fs: object,
    dir: string,
    root: string,
  ) => {
    setEnvironment(env: object): unknown;
    setReportFn(report: () => void): unknown;
    getBuildSettings(): Promise<readonly { readonly buildCommand?: string }[]>;
    detectRuntime(): Promise<readonly { readonly id: string }[]>;
    readonly buildSystems?: readonly { readonly id: string }[];
    readonly packageManager?: { readonly name: string; readonly installCommand: string } | null;
  };
}

/** The languages behind its runtimes. */
const RUNTIME_LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  node: ['JavaScript', 'TypeScript'],
  bun: ['JavaScript', 'TypeScript'],
  dotnet: ['C#', 'F#'],
  emacs: ['Emacs Lisp'],
  erlang: ['Erlang'],
  go: ['Go'],
  java: ['Java', 'Clojure'],
  php: ['PHP'],
  python: ['Python'],
  ruby: ['Ruby'],
  rust: ['Rust'],
  swift: ['Swift'],
};

function ofBuildInfo({ FileSystem, Project }: BuildInfo): Tool {
  class TreeFileSystem extends FileSystem {
    readonly #reader: RepoReader;
    readonly #tree: Tree;
    constructor(reader: RepoReader, tree: Tree) {
      super();
      this.#reader = reader;
      this.#tree = tree;
      this.logger = { debug() {}, log() {}, info() {}, warn() {}, error() {} };
    }
    getEnvironment(): string {
      return 'node';
    }
    isAbsolute(path: string): boolean {
      return path.startsWith('/');
    }
    resolve(...parts: string[]): string {
      return posix.resolve(this.cwd, ...parts);
    }
    async fileExists(path: string): Promise<boolean> {
      return this.#tree.has(this.resolve(path));
    }
    async readDir(path: string, withTypes?: boolean): Promise<unknown> {
      const entries = this.#tree.list(this.resolve(path));
      if (!withTypes) return entries.map(([name]) => name);
      return Object.fromEntries(entries.map(([name, kind]) => [name, kind === 'dir' ? 'directory' : 'file']));
    }
    async readFile(path: string): Promise<string> {
      const text = await textOf(this.#reader, this.resolve(path));
      if (text === null) throw new Error(`${path}: no such file`);
      return text;
    }
  }
  return {
    name: '@netlify/build-info',
    ranks: { languages: false, managers: false },
    limits: PEER_LIMITS,
    ask: async (reader) => {
      const project = new Project(new TreeFileSystem(reader, new Tree(await reader.paths())), '/', '/');
      project.setEnvironment({});
      project.setReportFn(() => {});
      const settings = await project.getBuildSettings();
      const runtimes = (await project.detectRuntime()).map(({ id }) => id);
      const { packageManager, buildSystems = [] } = project;
      return {
        languages: runtimes.flatMap((id) => RUNTIME_LANGUAGES[id] ?? []),
        managers: [
          ...(packageManager ? [packageManager.name] : []),
          ...buildSystems.map(({ id }) => id),
          ...runtimes.filter((id) => id === 'go'),
        ],
        testFrameworks: [],
        commands: {
          install: packageManager ? [packageManager.installCommand] : [],
          build: settings.flatMap(({ buildCommand }) => buildCommand ?? []),
        },
      };
    },
  };
}

/** The text at an absolute path; null where there is none. Symbolic links are not followed. */
async function textOf(reader: RepoReader, path: string): Promise<string | null> {
  const name = path.replace(/^\/+/, '');
  const answer = (await reader.read([name])).get(name);
  return answer?.ok ? answer.text : null;
}

/** The folders of a list of paths, as the peers want to walk them: absolute, from `/`. */
class Tree {
  readonly #folders = new Map<string, Map<string, 'dir' | 'file'>>([['/', new Map()]]);

  constructor(entries: readonly RepoEntry[]) {
    for (const { path, kind } of entries) this.#add(`/${path}`, kind === 'submodule' ? 'dir' : 'file');
  }

  #add(path: string, kind: 'dir' | 'file'): void {
    const parent = posix.dirname(path);
    let folder = this.#folders.get(parent);
    if (folder === undefined) {
      folder = new Map();
      this.#folders.set(parent, folder);
      this.#add(parent, 'dir');
    }
    folder.set(posix.basename(path), kind);
  }

  list(dir: string): readonly (readonly [name: string, kind: 'dir' | 'file'])[] {
    return [...(this.#folders.get(posix.resolve('/', dir)) ?? [])];
  }

  has(path: string): boolean {
    return path === '/' || this.#folders.get(posix.dirname(path))?.has(posix.basename(path)) === true;
  }
}
