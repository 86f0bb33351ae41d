/**
 * The scripts, targets and tasks that documents call by name, and their runners' files with one of them taken away or called
 * otherwise. Files are read and edited as text, line by line: nothing here knows how the tool that is measured reads them.
 */
import { dirname, posix } from 'node:path';
import type { Claim, Kind, Mutant } from './claim.ts';
import {
  composerScripts,
  justRecipes,
  type Manifest,
  makeTargets,
  mixAliases,
  packageScripts,
  rakeTasks,
  taskfileTasks,
  toxEnvironments,
} from './manifests.ts';
import type { Mention } from './mentions.ts';
import type { Tree, Workshop } from './tree.ts';

interface Runner {
  readonly kind: Kind;
  readonly files: readonly string[];
  /** The name that a command calls. */
  readonly call: RegExp;
  readonly manifest: Manifest;
}

const NAME = '([A-Za-z][\\w:.-]*)(?=\\s|$)';
const RUNNERS: readonly Runner[] = [
  {
    kind: 'package.json script',
    files: ['package.json'],
    call: new RegExp(`^(?:npm (?:run|run-script)|bun run|(?:pnpm|yarn)(?: run)?|npm(?= test\\b)) ${NAME}`),
    manifest: packageScripts,
  },
  {
    kind: 'make target',
    files: ['Makefile', 'GNUmakefile', 'makefile'],
    call: new RegExp(`^make ${NAME}`),
    manifest: makeTargets,
  },
  {
    kind: 'just recipe',
    files: ['justfile', 'Justfile', '.justfile'],
    call: new RegExp(`^just ${NAME}`),
    manifest: justRecipes,
  },
  {
    kind: 'task',
    files: ['Taskfile.yml', 'Taskfile.yaml'],
    call: new RegExp(`^task ${NAME}`),
    manifest: taskfileTasks,
  },
  { kind: 'rake task', files: ['Rakefile'], call: new RegExp(`^(?:bundle exec )?rake ${NAME}`), manifest: rakeTasks },
  {
    kind: 'composer script',
    files: ['composer.json'],
    call: new RegExp(`^composer (?:run |run-script )?${NAME}`),
    manifest: composerScripts,
  },
  { kind: 'mix alias', files: ['mix.exs'], call: new RegExp(`^mix ${NAME}`), manifest: mixAliases },
  { kind: 'tox environment', files: ['tox.ini'], call: new RegExp(`^tox -e ?${NAME}`), manifest: toxEnvironments },
];

/** The targets that one document calls where only one file can be meant. */
export function targetClaims(
  tree: Tree,
  document: string,
  mentions: readonly Mention[],
  drop: (why: string) => void,
): readonly Claim[] {
  const home = dirname(document) === '.' || dirname(document).startsWith('.') ? '' : dirname(document);
  const claims: Claim[] = [];
  for (const mention of mentions) {
    if (mention.place !== 'code' && mention.place !== 'command') continue;
    for (const command of commandsOf(mention.written)) {
      for (const runner of RUNNERS) {
        const thing = runner.call.exec(command)?.[1];
        const manifest = runner.files.map((file) => posix.join(home, file)).find((path) => tree.files.has(path));
        if (thing === undefined || manifest === undefined) continue;
        if (!namesOf(runner.manifest, tree, manifest, tree.text(manifest) ?? '').has(thing)) continue;
        const why = doubt(tree, mention, runner.files);
        if (why !== undefined) drop(why);
        else {
          const naming = { document, line: mention.line, subject: thing, place: mention.place };
          claims.push({ kind: runner.kind, thing, manifest, naming });
        }
      }
    }
  }
  return claims;
}

function namesOf(manifest: Manifest, tree: Tree, path: string, text: string): ReadonlySet<string> {
  const beside = (name: string): string => posix.join(dirname(path), name);
  return manifest.names(
    text,
    (name) => tree.has(beside(name)),
    (name) => tree.text(beside(name)) ?? '',
  );
}

/** The parts of a command line, without variables set for them. */
function commandsOf(written: string): readonly string[] {
  return written.split(/&&|\|\||;|\|/).map((part) =>
    part
      .trim()
      .replace(/^(?:[A-Z_]+=\S+ )+/, '')
      .replace(/\s+/g, ' '),
  );
}

const ELSEWHERE = /\b(?:packages?|workspaces?|modules?|examples?|director(?:y|ies)|folders?|inside|within)\b/i;

/** Why another file than the one beside the document may be meant; undefined where it cannot. */
function doubt(tree: Tree, { written, above = '', context }: Mention, files: readonly string[]): string | undefined {
  if (/(?:^|[\s;&(])(?:cd|pushd)\s/.test(`${above}\n${written}`)) return 'another folder was entered before';
  if (/\s-(?:C|f|F|w|r|d|-filter|-cwd|-dir|-prefix|-workspace|-recursive|-taskfile|-justfile|-file)\b/.test(written))
    return 'an option that chooses another folder or file';
  const others = [...tree.files.keys()].filter((path) => path.includes('/') && files.includes(posix.basename(path)));
  if (others.length === 0) return undefined;
  const words = new Set(context.match(/[\w@.-]+(?:\/[\w@.-]+)*/g)?.map((word) => word.replace(/\/$/, '')));
  const named = others.some((path) => words.has(dirname(path)) || words.has(posix.basename(dirname(path))));
  if (named || ELSEWHERE.test(context)) return 'the text around speaks of a folder with its own file of targets';
  return undefined;
}

interface TargetOf {
  readonly kind: Kind;
  readonly thing: string;
  readonly manifest: string;
  readonly claims: readonly Claim[];
}

/** A commit in which the target is gone or has another name; undefined where its file cannot be edited line by line. */
export function mutatedTarget(
  target: TargetOf,
  change: 'deleted' | 'renamed',
  tree: Tree,
  workshop: Workshop,
): Mutant | undefined {
  const { kind, thing, claims } = target;
  const { manifest } = RUNNERS.find((runner) => runner.kind === kind)!;
  const text = tree.text(target.manifest)!;
  const before = namesOf(manifest, tree, target.manifest, text);
  const joint = kind === 'rake task' || kind === 'mix alias' ? '_' : '-';
  const successor = ['all', 'main', 'project', 'other']
    .map((word) => `${thing}${joint}${word}`)
    .find((name) => !text.includes(name))!;
  const edited = change === 'deleted' ? manifest.without(text, thing) : manifest.renamed(text, thing, successor);
  if (edited === undefined || edited === text) return undefined;
  // Nothing but the one name may have changed.
  const wanted = new Set(before);
  wanted.delete(thing);
  if (change === 'renamed') wanted.add(successor);
  const after = namesOf(manifest, tree, target.manifest, edited);
  if (after.size !== wanted.size || [...wanted].some((name) => !after.has(name))) return undefined;
  const commit = workshop.mutate(new Map([[target.manifest, { text: edited }]]));
  return { kind, thing, claims, change, commit, ...(change === 'renamed' ? { successor } : {}) };
}
