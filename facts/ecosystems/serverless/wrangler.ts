import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { dependencyOn, nodeTool } from './node-tool.ts';

/** Cloudflare Workers. https://developers.cloudflare.com/workers/wrangler/configuration/ */
export function* wrangler(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const { dir } = file;
  const tree = file.name.endsWith('.toml') ? file.toml() : file.json();
  const name = tree?.get('name') ?? tree?.get('compatibility_date') ?? tree?.get('main');
  if (!tree || !name) return;
  const schema = file.find(/\bwrangler\b/i);
  const needed = dependencyOn(repo, dir, 'wrangler');
  const line = [file.at(schema ?? name.keyLine), ...(needed ? [needed] : [])];
  yield command('run', nodeTool(repo, dir, 'wrangler dev'), dir, line, { weight: -1 });
  const types = joinPath(dir, 'worker-configuration.d.ts')!;
  if (repo.paths.isFile(types)) {
    yield command('generate', nodeTool(repo, dir, 'wrangler types'), dir, line, { weight: -1 });
    if (repo.file(types)) yield plain('generated', types, '', { path: types, line: 1 });
  }
  yield* entry(repo, file, tree.get('main'));
  for (const database of tree.get('d1_databases')?.items() ?? []) {
    const folder = joinPath(dir, database.get('migrations_dir')?.text ?? 'migrations');
    if (folder && repo.paths.hasDir(folder) && database.get('binding'))
      yield plain('migration', folder, '', file.at(database.get('binding')!.keyLine));
  }
}

function* entry(repo: RepoView, file: SourceFile, main: Tree | undefined): Iterable<Signal> {
  const path = main?.text && joinPath(file.dir, main.text);
  if (main && path && repo.paths.isFile(path)) yield plain('entrypoint', path, file.dir, file.at(main.keyLine));
}
