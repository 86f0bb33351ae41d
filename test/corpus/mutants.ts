/**
 * Whether `check` and `changes` notice that a document became false: in real repositories, things that the maintainers'
 * documents name are deleted or renamed, one at a time, and the line that names them must be pointed at.
 *
 *   node test/corpus/mutants.ts --repos DIR --gold DIR [--cmd "node cli/main.ts"] [--only WORD] [--seed N] [--list]
 *
 * DIR of --repos holds bare git directories as DIR/<owner>+<name>/repo, which are not written to; the gold files name
 * repositories and commits. `--list` prints the mutants and runs nothing.
 *
 * - A mutant is a commit on top of the real one in which a file, a folder or a target of a runner is gone or has another
 *   name. What documents name is read with patterns, and looked up in `git ls-tree` and in the text of manifests.
 * - A thing is taken only where exactly one can be meant and the line is a statement that it is there: `paths.ts`,
 *   `targets.ts` and `manifests.ts` say what is left out; the run counts what each of these rules took away.
 * - `check` catches a mutant where a finding AMD1xx, warning or error, stands on the line and its subject is what the line
 *   names; `changes` where `stale` has it. Where several lines name the thing, each must be pointed at. The twin is the real
 *   commit, for `changes` with one more file that nobody names: nothing may be said of that line there.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { table } from '../../cli/table.ts';
import { type Gold, gitDirOf, readGold } from './compare.ts';
import type { Claim, Mutant } from './mutants/claim.ts';
import { mentionsIn } from './mutants/mentions.ts';
import { pathClaims, renamedPath, withoutPath } from './mutants/paths.ts';
import { counts, type Row, reportOf, type Said, speaksOf, verdictOf, where } from './mutants/score.ts';
import { mutatedTarget, targetClaims } from './mutants/targets.ts';
import { Tree, Workshop } from './mutants/tree.ts';

const MOST = 12;
const AT_ONCE = 2;

/** What the gold says of the documents of a repository. */
interface Documents extends Gold {
  readonly agentDocs?: readonly { readonly path: string }[];
  readonly nestedAgentDocs?: readonly (string | { readonly path: string })[];
}

const { values } = parseArgs({
  options: {
    repos: { type: 'string' },
    gold: { type: 'string' },
    cmd: { type: 'string', default: `${process.execPath} cli/main.ts` },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean' },
  },
});
if (!values.repos || !values.gold) {
  console.error('usage: mutants.ts --repos DIR --gold DIR [--cmd CMD] [--only WORD] [--seed N] [--list]');
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'agentsmd-mutants-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const run = promisify(execFile);
const dropped = new Map<string, number>();
const rows: Row[] = [];
const failures: string[] = [];
for (const [at, gold] of (readGold(values.gold, values.only) as readonly Documents[]).entries()) {
  const dir = gitDirOf(values.repos, gold);
  if (!existsSync(dir)) console.error(`${gold.repo}: not in ${values.repos}`);
  else await measure(gold, new Tree(dir, gold.commit), join(scratch, `r${at}`));
}
if (!values.list) {
  for (const failure of failures) console.log(`failed: ${failure}`);
  console.log(reportOf(rows));
  console.log(table([['left out because', 'mentions'], ...[...dropped].map(([why, count]) => [why, String(count)])]));
}

async function measure(gold: Documents, tree: Tree, folder: string): Promise<void> {
  const workshop = new Workshop(folder, tree);
  const mutants = mutantsOf(tree, workshop, claimsOf(gold, tree, `${folder}.ignore`), mulberry32(Number(values.seed)));
  console.error(`${gold.repo}: ${mutants.length} mutants`);
  if (values.list) {
    for (const { kind, thing, change, successor, claims } of mutants)
      console.log(
        `${gold.repo}: ${kind} ${thing} ${change}${successor ? ` to ${successor}` : ''}: ${claims.map(({ naming }) => where(naming)).join(', ')}`,
      );
    return;
  }
  const twin = workshop.mutate(new Map([['unrelated-file.txt', { text: 'unrelated\n' }]]));
  const calm = [...(await checked(folder, tree.commit)), ...(await changed(folder, tree.commit, twin))].filter(counts);
  const left = [...mutants];
  const worker = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const found = await checked(folder, mutant.commit);
      const stale = await changed(folder, tree.commit, mutant.commit);
      const twinSilent = !mutant.claims.some(({ naming }) => calm.some((said) => speaksOf(said, naming)));
      rows.push({
        repo: gold.repo,
        mutant,
        check: verdictOf(mutant, found),
        changes: verdictOf(mutant, stale),
        twinSilent,
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Everything the documents name without doubt, in the order of documents and lines. */
function claimsOf(gold: Documents, tree: Tree, folder: string): readonly Claim[] {
  const named = [...(gold.agentDocs ?? []), ...(gold.nestedAgentDocs ?? [])].map((each) =>
    typeof each === 'string' ? each : each.path,
  );
  const drop = (why: string): void => void dropped.set(why, (dropped.get(why) ?? 0) + 1);
  const documents = [...new Set(named.map((path) => tree.real(path)))];
  const claims = documents.flatMap((document) => {
    const mentions = mentionsIn(tree.text(document) ?? '');
    return [...pathClaims(tree, document, mentions, drop), ...targetClaims(tree, document, mentions, drop)];
  });
  const paths = claims.filter(({ manifest }) => manifest === '').map(({ thing }) => thing);
  const ignored = tree.ignored([...new Set(paths)], folder);
  return claims.filter(({ thing, manifest }) => {
    const holdsDocument = documents.some((path) => path === thing || path.startsWith(`${thing}/`));
    if (manifest === '' && ignored.has(thing)) drop('an ignore file covers the path');
    else if (manifest === '' && holdsDocument) drop('a document of the gold stands there');
    else return true;
    return false;
  });
}

/** At most {@link MOST}, of every kind in turn, deleted and renamed in turn. */
function mutantsOf(tree: Tree, workshop: Workshop, claims: readonly Claim[], random: () => number): readonly Mutant[] {
  const kinds = new Map<string, Claim[][]>();
  for (const things of Map.groupBy(claims, ({ kind, thing, manifest }) => `${kind} ${manifest} ${thing}`).values()) {
    const { kind, naming } = things[0]!;
    const key = kind === 'file' || kind === 'folder' ? `${kind} ${naming.place}` : kind;
    kinds.set(key, [...(kinds.get(key) ?? []), things]);
  }
  const queues = [...kinds.values()].map((things) => shuffled(things, random));
  const mutants: Mutant[] = [];
  let rename = random() < 0.5;
  while (mutants.length < MOST && queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      const own = queue.shift();
      if (own === undefined || mutants.length === MOST) continue;
      const about = { kind: own[0]!.kind, thing: own[0]!.thing, manifest: own[0]!.manifest, claims: own };
      const mutant = about.manifest
        ? mutatedTarget(about, rename ? 'renamed' : 'deleted', tree, workshop)
        : rename
          ? renamedPath(about, tree, workshop, random)
          : withoutPath(about, workshop);
      if (mutant === undefined)
        dropped.set('the manifest cannot be edited', (dropped.get('the manifest cannot be edited') ?? 0) + 1);
      else {
        mutants.push(mutant);
        rename = !rename;
      }
    }
  }
  return mutants;
}

async function checked(dir: string, rev: string): Promise<readonly Said[]> {
  const { findings } = (await ask(['check', dir, '--rev', rev, '--json'])) as { findings?: readonly Said[] };
  return (findings ?? []).filter(({ rule }) => /^AMD1\d\d$/.test(rule ?? ''));
}

async function changed(dir: string, from: string, to: string): Promise<readonly Said[]> {
  const { stale } = (await ask(['changes', dir, '--from', from, '--to', to, '--json'])) as { stale?: readonly Said[] };
  return stale ?? [];
}

/** The document that a command prints; empty, and a failure, where it prints none. */
async function ask(words: readonly string[]): Promise<object> {
  const [program = '', ...before] = values.cmd.split(' ');
  const { stdout, stderr } = await run(program, [...before, ...words], { maxBuffer: 1 << 28, timeout: 120_000 }).catch(
    (error: { stdout?: string; stderr?: string }) => ({ stdout: error.stdout ?? '', stderr: error.stderr ?? '' }),
  );
  try {
    return JSON.parse(stdout) as object;
  } catch {
    failures.push(`${words.join(' ')}: ${stderr.trim().split('\n').at(-1)}`);
    return {};
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const left = [...list];
  return Array.from(list, () => left.splice(Math.floor(random() * left.length), 1)[0]!);
}

/** A small generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
