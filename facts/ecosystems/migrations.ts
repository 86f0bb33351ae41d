import { ecosystem } from '../ecosystem.ts';
import { migrationDirs } from './migrations/dirs.ts';

/** Where schema migrations live. From the paths: tools agree on names that sort, and on a few folders. Django's are Python's. */
export const migrations = ecosystem({
  id: 'migrations',
  title: 'Schema migrations',
  files: [],
  // A file is only evidence once it was read.
  follow: (repo) => repo.paths.once('migrations', migrationDirs).flatMap(({ samples }) => samples),
  *detect(repo) {
    for (const { dir, samples, weight } of repo.paths.once('migrations', migrationDirs)) {
      for (const path of samples) {
        const file = repo.file(path);
        const line = file?.find(/\S/);
        if (!file || line === undefined) continue;
        yield {
          kind: 'fact',
          key: 'migration',
          value: dir,
          dir: '',
          source: 'convention',
          evidence: [file.at(line)],
          weight,
        };
        break;
      }
    }
  },
});
