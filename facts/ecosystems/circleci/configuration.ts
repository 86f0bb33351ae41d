import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';

/** A configuration with what its inline orbs add. */
export interface Configuration {
  readonly file: SourceFile;
  readonly tree: Tree;
  /** By name; what an inline orb brings is called `orb/name`. */
  readonly jobs: Definitions;
  readonly commands: Definitions;
  readonly executors: Definitions;
  /** Orbs of the registry by the name they go by here: `node` is `circleci/node`. */
  readonly orbs: ReadonlyMap<string, string>;
  /** Another configuration continues with this one, and sets its pipeline parameters. */
  readonly continued: boolean;
}

type Definitions = ReadonlyMap<string, Tree>;

const MAIN = /^\.circleci\/config\.ya?ml$/;
/** CircleCI allows five. */
const MAX_ORB_DEPTH = 5;

/** The main configuration, and those that its set-up workflow continues with. */
export function configurationsOf(repo: RepoView): readonly Configuration[] {
  const main = repo.files.find(({ path }) => MAIN.test(path));
  const tree = main?.yaml();
  if (main === undefined || tree === undefined) return [];
  const continued = main.text.includes('setup:') && tree.get('setup')?.text === 'true';
  const others = continued ? repo.files.filter((file) => file !== main && main.text.includes(file.name)) : [];
  return [
    configurationOf(main, tree, false),
    ...others.flatMap((file) => {
      const other = file.yaml();
      return other === undefined ? [] : [configurationOf(file, other, true)];
    }),
  ];
}

function configurationOf(file: SourceFile, tree: Tree, continued: boolean): Configuration {
  const jobs = new Map<string, Tree>();
  const commands = new Map<string, Tree>();
  const executors = new Map<string, Tree>();
  const orbs = new Map<string, string>();
  const collect = (from: Tree, prefix: string, depth: number): void => {
    for (const [kind, into] of [
      ['jobs', jobs],
      ['commands', commands],
      ['executors', executors],
    ] as const) {
      for (const [name, definition] of from.get(kind)?.entries() ?? []) into.set(`${prefix}${name}`, definition);
    }
    for (const [name, orb] of from.get('orbs')?.entries() ?? []) {
      if (orb.text !== undefined) orbs.set(name, orb.text.split('@')[0]!.toLowerCase());
      else if (depth < MAX_ORB_DEPTH) collect(orb, `${name}/`, depth + 1);
    }
  };
  collect(tree, '', 0);
  return { file, tree, jobs, commands, executors, orbs, continued };
}
