import { composerCall } from '../../commands/composer-commands.ts';
import type { TargetSet, Task } from '../../signal.ts';
import { targetSet } from '../../target-set.ts';
import type { Manifest } from './manifest.ts';
import { needsWordPress, OUTSIDE } from './wordpress.ts';

/** What Composer runs by itself at certain moments. https://getcomposer.org/doc/articles/scripts.md#event-names */
const EVENTS =
  /^(?:pre|post)-(?:install-cmd|update-cmd|status-cmd|archive-cmd|autoload-dump|root-package-install|create-project-cmd|dependencies-solving|operations-exec|package-(?:install|update|uninstall)|pool-create|file-download|command-run)$|^(?:auto-scripts|command|init)$/;

/** The scripts of a composer.json as tasks. */
export function* composerScripts({ scripts, dir, file }: Manifest, contained = false): Generator<Task> {
  for (const script of scripts.values()) {
    const { name, line, body, needs, description } = script;
    yield {
      kind: 'task',
      runner: 'composer',
      name,
      run: composerCall(name),
      dir,
      at: file.at(line),
      body,
      needs,
      ...(description ? { description } : {}),
      ...(contained && needsWordPress(script) ? { weight: OUTSIDE } : {}),
      ...(isEvent(name) || name.startsWith('_') ? { internal: true } : {}),
    };
  }
}

/** What `composer run` takes, events included; scripts may have other names: `scripts-aliases`. */
export function scriptSet({ tree, dir, file, line }: Manifest): TargetSet {
  const scripts = tree.get('scripts');
  const aliases = tree.get('scripts-aliases')?.entries() ?? [];
  const names = [...(scripts?.entries() ?? []).map(([name]) => name), ...aliases.flatMap(([, names]) => names.texts())];
  return targetSet('composer', dir, file.at(scripts?.keyLine ?? line), names);
}

export function isEvent(name: string): boolean {
  return EVENTS.test(name);
}
