import { ecosystem } from '../ecosystem.ts';
import { declared } from './declared.ts';
import { ownVersion } from './own-version.ts';

/** Chart.yaml: the chart's own version and the charts it is made of, with what Chart.lock pins. */
export const helmDependencies = ecosystem({
  id: 'helm-dependencies',
  title: 'Dependencies of Helm charts',
  files: ['Chart.yaml', 'Chart.lock'],
  depth: 3,
  *detect(repo) {
    for (const file of repo.files) {
      const tree = file.name === 'Chart.yaml' ? file.yaml() : undefined;
      if (!tree) continue;
      yield* ownVersion(file, tree.get('version'), tree.get('name')?.text);
      const locked = repo.file(file.path.replace(/yaml$/, 'lock'))?.yaml()?.get('dependencies')?.items() ?? [];
      for (const entry of tree.get('dependencies')?.items() ?? []) {
        const name = entry.get('name')?.text;
        if (!name) continue;
        const pin = locked.find((item) => item.get('name')?.text === name)?.get('version')?.text;
        yield declared('helm', file, entry.line, { name, range: entry.get('version')?.text, locked: pin });
      }
    }
  },
});
