import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { entryFile } from './docker/entry-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead } from './native/side-folders.ts';

/** Images of which something is said. */
const MAX_IMAGES = 8;

/**
 * Docker. An image is how a program is shipped, seldom how it is worked on: what is said ranks behind the language's own
 * build, and `docker compose up` counts only where it builds what is here. A Compose file of nothing but databases says
 * nothing of how this repository is run.
 */
export const docker = ecosystem({
  id: 'docker',
  title: 'Docker',
  files: [
    ...['Dockerfile', 'Containerfile', '*.Dockerfile', '*.dockerfile'],
    ...['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'],
    ...['docker-bake.hcl', 'docker-bake.json', '.hadolint.yaml', '.hadolint.yml'],
  ],
  depth: 2,
  follow: (repo) => images(repo).flatMap((file) => entryFile(file, repo.paths)?.path ?? []),
  *detect(repo) {
    for (const file of images(repo)) yield* image(repo, file);
    for (const file of repo.files) {
      // Compose files of a folder are for its own purpose: development containers, production, load tests.
      if (file.dir !== '') continue;
      if (/^(?:docker-)?compose\.ya?ml$/.test(file.name)) yield* compose(file);
      else if (file.name.startsWith('docker-bake.')) yield* bake(file);
      else if (file.name.startsWith('.hadolint.')) {
        const line = file.at(file.find(/\S/) ?? 1);
        yield plain('linter', 'hadolint', '', line);
        if (repo.paths.isFile('Dockerfile')) yield command('lint', 'hadolint Dockerfile', '', line, { weight: -5 });
      }
    }
  },
});

function images(repo: RepoView): readonly SourceFile[] {
  return repo.files
    .filter(({ name, dir }) => /^(?:Docker|Container)file$|\.dockerfile$/i.test(name) && (dir === '' || !isNoLead(dir)))
    .slice(0, MAX_IMAGES);
}

function* image(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const entry = entryFile(file, repo.paths);
  if (entry && repo.file(entry.path))
    yield plain('entrypoint', entry.path, file.dir, file.at(entry.line), { weight: -1 });
  // An image of a folder may need the whole repository around it: only the root's is sure to build like this.
  if (!file.find(/^\s*FROM\s/i)) return;
  if (file.path !== 'Dockerfile') {
    // In a folder of its own it is built from the root, if what it copies lies there.
    const isAlone = file.name === 'Dockerfile' && !repo.paths.isFile('Dockerfile');
    const from = isAlone ? copiesFrom(repo, file) : undefined;
    if (from) yield command('build', `docker build -f ${file.path} .`, '', file.at(from), { weight: -5 });
    return;
  }
  const shown = file.find(/\b(?:docker|build)\b/i);
  if (shown) yield command('build', 'docker build .', '', file.at(shown), { weight: -4 });
}

/** The first line that copies a file which is at the root and not beside the Dockerfile. */
function copiesFrom(repo: RepoView, file: SourceFile): number | undefined {
  const exists = (path: string): boolean => repo.paths.isFile(path) || repo.paths.hasDir(path);
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (text.length > 1_000 || !/^\s*(?:COPY|ADD)\s/i.test(text) || text.includes('--from')) continue;
    const sources = text.trim().split(/\s+/).slice(1, -1);
    const paths = sources.flatMap((word) => (/^[\w@-][\w./@-]*$/.test(word) ? [word.replace(/\/$/, '')] : []));
    if (paths.some((path) => exists(path) && !exists(at(file.dir, path)))) return line;
  }
  return undefined;
}

/** https://docs.docker.com/reference/compose-file/build/ */
function* compose(file: SourceFile): Iterable<Signal> {
  const services = file.yaml()?.get('services');
  const built = (services?.entries() ?? []).filter(([, service]) => service.get('build') !== undefined);
  if (!services || built.length === 0) return;
  const line = file.at(services.keyLine);
  yield command('run', 'docker compose up --build', '', line, { weight: -3 });
  yield command('build', 'docker compose build', '', line, { weight: -5 });
}

function* bake(file: SourceFile): Iterable<Signal> {
  const shown = file.find(/\b(?:docker|buildx|bake)\b/i);
  if (shown && file.find(/^\s*(?:target|group)\s+"|"(?:target|group)"\s*:/))
    yield command('build', 'docker buildx bake', '', file.at(shown), { weight: -3 });
}
