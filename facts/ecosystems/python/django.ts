import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { isAside } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';
import { isAmongTests, isSecondary } from './folders.ts';
import { iniSection, type PythonProject } from './project.ts';

/** The manage.py of a Django project: its folder, and the line that shows it is Django's. */
export function djangoOf(project: PythonProject): { readonly dir: string; readonly at: Evidence } | undefined {
  for (const file of project.repo.files) {
    if (file.name !== 'manage.py' || !project.owns(file.path)) continue;
    if (isSecondary(file.dir) || isAmongTests(file.dir)) continue;
    const line = file.find(/\bdjango\.core\.management\b/) ?? file.find(/\bDJANGO_SETTINGS_MODULE\b/);
    if (line) return { dir: file.dir, at: file.at(line) };
  }
  return undefined;
}

/** `manage.py` as what runs a Django project. */
export function* djangoSignals(project: PythonProject): Iterable<Signal> {
  const django = djangoOf(project);
  if (!django) return;
  const { dir, at } = django;
  const { launcher } = project.manager;
  const run = `${launcher === '' ? '' : `${launcher} `}python manage.py runserver`;
  yield { kind: 'command', purpose: 'run', run, dir, source: 'config', evidence: [at], weight: 1 };
  yield { kind: 'fact', key: 'entrypoint', value: at.path, dir, source: 'config', evidence: [at], weight: 1 };
}

/** Folders of Django migrations are many and alike; more would say nothing new. */
const MAX_FOLDERS = 12;

/** The first migration of each `migrations` folder, to be read: only what it imports tells Django's from others'. */
export function firstMigrations({ paths }: RepoView): readonly string[] {
  return paths.once('python migrations', ({ entries }) => {
    const found = new Map<string, string>();
    for (const { path, kind } of entries) {
      if (kind !== 'file' || !/(?:^|\/)migrations\/0001_\w+\.py$/.test(path) || isAside(path)) continue;
      const folder = path.slice(0, path.lastIndexOf('/'));
      const owner = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      if (!found.has(folder) && !isSecondary(owner) && !isAmongTests(owner)) found.set(folder, path);
      if (found.size === MAX_FOLDERS) break;
    }
    return [...found.values()];
  });
}

/** Where the schema migrations of Django and Alembic live. */
export function* migrationSignals(project: PythonProject): Iterable<Signal> {
  const { repo, dir } = project;
  const migration = (value: string, at: Evidence): Signal => {
    return { kind: 'fact', key: 'migration', value, dir, source: 'config', evidence: [at] };
  };
  for (const path of firstMigrations(repo)) {
    if (!project.owns(path)) continue;
    const file = repo.file(path);
    const line = file?.find(/\bdjango\b/);
    if (file && line) yield migration(file.dir, file.at(line));
  }
  for (const file of repo.files) {
    if (file.name !== 'alembic.ini' || !project.owns(file.path)) continue;
    const section = iniSection({ repo, dir: file.dir }, 'alembic.ini', 'alembic');
    const location = section?.tree.get('script_location');
    const named = location?.text?.replace(/^%\(here\)s\/?|\/$/g, '').replace(/:/g, '/') ?? '';
    const folder = [file.dir, named].filter((part) => part !== '' && part !== '.').join('/');
    if (section && repo.paths.hasDir(`${folder}/versions`)) {
      yield migration(`${folder}/versions`, file.at((location ?? section.tree).line));
    }
  }
}
