import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import { type Manifest, packageLine } from './manifest.ts';

/** Files in which an application starts. */
const STARTS = ['artisan', 'bin/console', 'public/index.php', 'web/index.php'];

export function* startFiles(dirs: Iterable<string>): Generator<string> {
  for (const dir of dirs) for (const name of STARTS) yield at(dir, name);
}

/** How an application of a well-known framework is started. */
export function* frameworkCommands(repo: RepoView, manifest: Manifest): Generator<Signal> {
  const { dir, file } = manifest;
  const laravel = packageLine(manifest, ['laravel/framework']);
  if (laravel !== undefined && repo.paths.isFile(at(dir, 'artisan'))) {
    yield command('run', 'php artisan serve', dir, file.at(laravel));
    const sail = packageLine(manifest, ['laravel/sail']);
    if (sail !== undefined && COMPOSE.some((name) => repo.paths.isFile(at(dir, name))))
      yield command('run', `${manifest.bin}sail up`, dir, file.at(sail), { weight: -1 });
  }
  const symfony = packageLine(manifest, ['symfony/framework-bundle', 'symfony/symfony', 'symfony/runtime']);
  if (symfony !== undefined && repo.paths.isFile(at(dir, 'bin/console')))
    yield command('run', 'symfony serve', dir, file.at(symfony), { weight: -0.5 });
}

const COMPOSE = ['docker-compose.yml', 'docker-compose.yaml', 'compose.yml', 'compose.yaml'];

/** Programs that the package installs, and where an application starts. */
export function* entryPoints(repo: RepoView, { tree, file, dir }: Manifest): Generator<Signal> {
  const bins = tree.get('bin');
  for (const bin of bins?.kind === 'list' ? bins.items() : bins ? [bins] : []) {
    const path = bin.text === undefined ? undefined : at(dir, bin.text.replace(/^\.\//, ''));
    if (path !== undefined && repo.paths.isFile(path) && !path.endsWith('.bat'))
      yield plain('entrypoint', path, dir, file.at(bin.line));
  }
  for (const path of startFiles([dir])) {
    const start = repo.file(path);
    if (start && start.lines.count > 0)
      yield plain('entrypoint', path, dir, start.at(1), { source: 'convention', weight: -1 });
  }
}
