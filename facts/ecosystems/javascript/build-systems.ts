import { unwrap } from '../../commands/unwrap.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { PlainFact } from '../../signal.ts';
import { BUILDERS, ORCHESTRATORS } from './builders.ts';
import { neededScripts } from './needed-scripts.ts';
import { dependencyLine } from './package-json.ts';
import type { Project } from './projects.ts';

/** What orchestrates a root's packages, and what its `build` script runs in the end. */
export function* buildSystems(repo: RepoView, root: Project): Generator<PlainFact> {
  yield* orchestrators(repo, root);
  yield* builders(root);
}

function* orchestrators(repo: RepoView, { manifest, dir }: Project): Generator<PlainFact> {
  const at = dir === '' ? '' : `${dir}/`;
  for (const { name, packages, files } of ORCHESTRATORS) {
    const path = files.map((file) => at + file).find((file) => repo.paths.isFile(file));
    const script = [...manifest.scripts.values()].find(({ calls, wired }) =>
      name === 'wireit' ? wired.length > 0 : calls.some(({ words }) => unwrap(words).words[0] === name),
    );
    const line = script?.line ?? dependencyLine(manifest, packages);
    if (files.length > 0 ? path === undefined && !script : !script) continue;
    const read = path === undefined ? undefined : repo.file(path);
    const evidence =
      line !== undefined ? manifest.file.at(line) : read && read.lines.count > 0 ? read.at(1) : undefined;
    // lerna.json is often left from the days before workspaces; what the build runs says more.
    const weight = name === 'lerna' || !script ? 1 : 5;
    if (evidence)
      yield { kind: 'fact', key: 'build-system', value: name, dir, source: 'config', evidence: [evidence], weight };
  }
}

/** The tools that the `build` script runs, through the scripts it calls; those of the members where it fans out. */
function* builders(root: Project): Generator<PlainFact> {
  const own = buildersOf(root);
  for (const { name, line } of own) yield builderFact(root, root, name, line, 3);
  if (own.length > 0) return;
  const counts = new Map<string, { count: number; project: Project; line: number }>();
  for (const member of root.members) {
    if (member.secondary) continue;
    for (const { name, line } of buildersOf(member)) {
      const known = counts.get(name);
      counts.set(name, known ? { ...known, count: known.count + 1 } : { count: 1, project: member, line });
    }
  }
  const most = [...counts].sort((a, b) => b[1].count - a[1].count)[0];
  if (most) yield builderFact(root, most[1].project, most[0], most[1].line, 0);
}

function builderFact(root: Project, project: Project, name: string, line: number, weight: number): PlainFact {
  return {
    kind: 'fact',
    key: 'build-system',
    value: name,
    dir: root.dir,
    source: 'config',
    evidence: [project.manifest.file.at(line)],
    weight,
  };
}

const MAX_FOLLOW = 30;

function buildersOf({ manifest }: Project): readonly { name: string; line: number }[] {
  const found = new Map<string, number>();
  const queue = ['build'];
  for (let i = 0; i < queue.length && i < MAX_FOLLOW; i++) {
    const script = manifest.scripts.get(queue[i]!);
    for (const { words } of script?.calls ?? []) {
      const inner = unwrap(words).words;
      const typed = [inner[0]?.replace(/^.*\//, ''), ...inner.slice(1)]
        .join(' ')
        .replace(/^(?:pnpm|yarn) (?:run )?/, '');
      const builder = BUILDERS.find(([program]) => typed === program || typed.startsWith(`${program} `));
      // A build that only asks the compiler for its opinion has another builder.
      if (builder && !/ --?noEmit\b/.test(typed) && !found.has(builder[1])) found.set(builder[1], script!.bodyLine);
    }
    const next = script ? neededScripts(script, manifest) : [];
    for (const name of next) if (!queue.includes(name)) queue.push(name);
  }
  const all = [...found].map(([name, line]) => ({ name, line }));
  // Beside a bundler tsc only writes declarations.
  return all.length > 1 ? all.filter(({ name }) => name !== 'tsc') : all;
}
