import { ecosystem } from '../ecosystem.ts';
import { ownVersionAt } from './own-version.ts';

const PROJECT = /^[ \t]*project\s*\(\s*["']?([\w.+-]{1,100})["']?\s[^)]{0,400}?\bVERSION\s+["']?(\d[\w.]*)/im;

/** Where a version stands by itself: VERSION files, CMake's `project(... VERSION ...)`, build.zig.zon. */
export const versionFiles = ecosystem({
  id: 'version-files',
  title: 'Version files',
  files: ['/VERSION', '/VERSION.txt', '/version.txt', '/.version', '/CMakeLists.txt', 'build.zig.zon'],
  depth: 2,
  *detect(repo) {
    for (const file of repo.files) {
      if (file.name === 'CMakeLists.txt') {
        const found = PROJECT.exec(file.text);
        if (found) yield* ownVersionAt(file, file.lines.lineAt(found.index), found[2]!, found[1]);
      } else if (file.name === 'build.zig.zon') {
        const line = file.find(/^\s{0,8}\.version\s*=\s*"/);
        const version = line === undefined ? undefined : /"([^"]+)"/.exec(file.lines.line(line))?.[1];
        if (line !== undefined && version) yield* ownVersionAt(file, line, version);
      } else if (file.lines.count <= 3) yield* ownVersionAt(file, 1, file.lines.line(1).trim());
    }
  },
});
