import type { RepoView } from '../../ecosystem.ts';
import type { PlainFact } from '../../signal.ts';
import { isVersion } from './managers.ts';
import type { Project } from './projects.ts';

/**
 * Which Node (or Bun, or Deno) and which manager a project asks for: what its manifest demands of everybody first, then the pins
 * of version managers. What mise and asdf pin is the mise plugin's to say.
 */
export function* runtimes(repo: RepoView, { manifest, manager, dir, members }: Project): Generator<PlainFact> {
  const { tree, file } = manifest;
  if (manager.own && manager.version && manager.source === 'config') {
    yield pin(manager.name, manager.version, dir, manager.evidence, 5);
  }
  for (const name of ['node', 'bun', 'deno', 'npm', 'pnpm', 'yarn']) {
    // A range for another manager is a fence, not a runtime.
    if (['npm', 'pnpm', 'yarn'].includes(name) && manager.name !== name) continue;
    const engine = tree.get('engines', name);
    if (engine && isVersion(engine.text)) yield pin(name, engine.text, dir, file.at(engine.keyLine), 4);
    const volta = tree.get('volta', name);
    if (volta && isVersion(volta.text)) yield pin(name, volta.text, dir, file.at(volta.keyLine), 1);
  }
  const wanted = tree.get('devEngines', 'runtime');
  for (const runtime of wanted?.kind === 'list' ? wanted.items() : wanted ? [wanted] : []) {
    const name = runtime.get('name')?.text;
    const version = runtime.get('version');
    if (name && /^(?:node|bun|deno)$/.test(name) && version && isVersion(version.text))
      yield pin(name, version.text, dir, file.at(version.keyLine), 3);
  }
  const at = dir === '' ? '' : `${dir}/`;
  for (const [name, path, weight] of [
    ['node', '.nvmrc', 2],
    ['node', '.node-version', 2],
    ['bun', '.bun-version', 2],
  ] as const) {
    const read = repo.file(at + path);
    const line = read?.find(/^\s*v?\d/) ?? read?.find(/^\s*(?:lts\/[\w*-]+|lts|node|latest)\s*$/);
    if (read && line !== undefined) yield pin(name, read.lines.line(line).trim(), dir, read.at(line), weight);
  }
  if (!tree.get('engines', 'node')) yield* commonEngine(members, dir);
}

/** What most packages of a workspace ask for, where its root is silent. What a single one asks for is for those who install it. */
function* commonEngine(members: readonly Project[], dir: string): Generator<PlainFact> {
  const counts = new Map<string, { count: number; evidence: PlainFact['evidence'][number] }>();
  for (const { manifest, secondary } of members) {
    const engine = manifest.tree.get('engines', 'node');
    if (secondary || !engine || !isVersion(engine.text)) continue;
    const known = counts.get(engine.text);
    counts.set(engine.text, {
      count: (known?.count ?? 0) + 1,
      evidence: known?.evidence ?? manifest.file.at(engine.keyLine),
    });
  }
  const most = [...counts].sort((a, b) => b[1].count - a[1].count)[0];
  if (most && most[1].count > 1) yield pin('node', most[0], dir, most[1].evidence, -1);
}

function pin(
  name: string,
  value: string,
  dir: string,
  evidence: PlainFact['evidence'][number],
  weight: number,
): PlainFact {
  return {
    kind: 'fact',
    key: `runtime.${name}`,
    value: value.trim().replace(/^=+/, ''),
    dir,
    source: 'config',
    evidence: [evidence],
    weight,
  };
}
