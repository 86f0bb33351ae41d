import type { RepoView } from '../../ecosystem.ts';
import type { ConventionalCommand } from '../../signal.ts';
import { command } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import type { Manifest, Script } from './manifest.ts';

/** Tests of a plugin need WordPress, which is in the container: outside of it their script fails. */
export const OUTSIDE = -6;

/** The project is tested in the container of wp-env, which npm brings. https://developer.wordpress.org/block-editor/reference-guides/packages/packages-env/ */
export function isContained(repo: RepoView, dir: string): boolean {
  return repo.paths.isFile(at(dir, '.wp-env.json')) && repo.paths.isFile(at(dir, 'package.json'));
}

/** A script of Composer that needs WordPress. */
export function needsWordPress({ body }: Script): boolean {
  return body.some((line) => /(?:^|[\s/])phpunit(?:\s|$)/.test(line));
}

/** One test, by the script of npm that starts PHPUnit in the container. */
export function* containedTests(repo: RepoView, { dir }: Manifest): Generator<ConventionalCommand> {
  const file = repo.file(at(dir, 'package.json'));
  if (!file || !isContained(repo, dir) || !repo.paths.isFile(at(dir, 'package-lock.json'))) return;
  for (const [name, script] of file.json()?.get('scripts')?.entries() ?? []) {
    const text = script.text ?? '';
    const from = text.indexOf('wp-env run ');
    if (!/^test[\w:-]*$/.test(name) || from < 0) continue;
    if (!/\b(?:phpunit|composer (?:run-script )?test)\b/.test(text.slice(from))) continue;
    const run = name === 'test' ? 'npm test' : `npm run ${name}`;
    yield command('test-single', `${run} -- --filter=<name>`, dir, file.at(script.keyLine), {
      weight: 0.5,
      source: 'config',
    });
    return;
  }
}
