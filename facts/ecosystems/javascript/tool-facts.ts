import type { PlainFact } from '../../signal.ts';
import type { Use } from './package-tools.ts';
import type { Project } from './projects.ts';
import type { Role } from './tools.ts';

const ROLES: readonly Role[] = ['test-framework', 'linter', 'formatter', 'type-checker'];

/**
 * Which tools a root and its members use. What most members do is said of the root; a member is only named where it
 * does otherwise.
 */
export function* toolFacts(root: Project, all: ReadonlyMap<Project, readonly Use[]>): Generator<PlainFact> {
  const own = all.get(root) ?? [];
  const members = root.members.map((member) => ({ member, uses: all.get(member) ?? [] }));
  const weighty = members.filter(({ member }) => !member.secondary);
  for (const role of ROLES) {
    const ranked = rank(
      role,
      own,
      (weighty.length > 0 ? weighty : members).map(({ uses }) => uses),
    );
    for (const { use, weight } of ranked) yield fact(role, use, root.dir, weight);
    const top = ranked[0]?.use.tool.name;
    for (const { member, uses } of members) {
      const best = rank(role, uses, [])[0];
      if (best && best.use.tool.name !== top && !member.secondary) yield fact(role, best.use, member.dir, best.weight);
    }
  }
}

const HOW_WEIGHT = { 'main-script': 6, script: 4, config: 3, installed: 2 };

function rank(
  role: Role,
  own: readonly Use[],
  members: readonly (readonly Use[])[],
): readonly { use: Use; weight: number }[] {
  const found = new Map<string, { use: Use; weight: number; count: number }>();
  const add = (use: Use, weight: number): void => {
    if (!use.roles.includes(role)) return;
    const known = found.get(use.tool.name);
    const penalty = use.tool.endToEnd ? 3 : 0;
    if (!known) found.set(use.tool.name, { use, weight: weight - penalty, count: 1 });
    else
      found.set(use.tool.name, {
        ...known,
        count: known.count + 1,
        use: HOW_WEIGHT[use.how] > HOW_WEIGHT[known.use.how] && known.weight < 2 ? use : known.use,
      });
  };
  for (const use of own) add(use, HOW_WEIGHT[use.how]);
  for (const uses of members) for (const use of uses) add(use, use.how === 'installed' || use.how === 'config' ? 0 : 1);
  return [...found.values()]
    .map(({ use, weight, count }) => ({ use, weight: weight + Math.min(count - 1, 30) / 10 }))
    .sort((a, b) => b.weight - a.weight);
}

function fact(key: string, use: Use, dir: string, weight: number): PlainFact {
  return { kind: 'fact', key, value: use.tool.name, dir, source: 'config', evidence: [use.evidence], weight };
}
