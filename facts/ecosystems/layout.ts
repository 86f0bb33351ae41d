import { ecosystem } from '../ecosystem.ts';
import type { PathIndex } from '../path-index.ts';
import { findMirror, type Mirror } from './layout/mirror.ts';
import { findRoles, type Role } from './layout/roles.ts';

/** Where things live, and how a test's path follows from what it tests. From the list of paths alone. */
export const layout = ecosystem({
  id: 'layout',
  title: 'Layout',
  files: [],
  // A file is only evidence once it was read.
  follow(repo) {
    const mirror = mirrorOf(repo.paths);
    return [...rolesOf(repo.paths).map(({ sample }) => sample), ...(mirror ? [mirror.test, mirror.source] : [])];
  },
  *detect(repo) {
    for (const { role, dir, files, sample } of rolesOf(repo.paths)) {
      const file = repo.file(sample);
      if (!file || file.lines.count === 0) continue;
      yield {
        kind: 'fact',
        key: `layout.${role}`,
        value: dir,
        dir: '',
        source: 'convention',
        evidence: [file.at(1)],
        weight: Math.log10(files),
      };
    }
    const mirror = mirrorOf(repo.paths);
    const shown = mirror
      ? [repo.file(mirror.test), repo.file(mirror.source)].filter((file) => file !== undefined && file.lines.count > 0)
      : [];
    if (mirror && shown.length > 0) {
      yield {
        kind: 'fact',
        key: 'layout.test-mirror',
        value: mirror.rule,
        dir: '',
        source: 'convention',
        evidence: shown.map((file) => file!.at(1)),
      };
    }
  },
});

function rolesOf(paths: PathIndex): readonly Role[] {
  return paths.once('layout roles', findRoles);
}

function mirrorOf(paths: PathIndex): Mirror | undefined {
  return paths.once('layout mirror', findMirror);
}
