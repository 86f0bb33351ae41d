import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import type { ConventionalCommand } from '../../signal.ts';

export type Say = (
  purpose: Purpose,
  args: string,
  at: Evidence,
  kind?: 'tool' | 'lifecycle',
  weight?: number,
) => ConventionalCommand;

/** What a build tool's plugins need to say commands: where they are typed, and the wrapper script that shows the program. */
export interface Speaker {
  readonly dir: string;
  readonly program: string;
  readonly wrapper: string | undefined;
}

/**
 * A tool's line that shows the command is its configuration. Most Gradle plugins bring tasks their line does not name
 * (`com.diffplug.spotless` brings `spotlessApply`): those are conventions of the build, no weaker for it.
 */
export function speaker(repo: RepoView, { dir, program, wrapper }: Speaker, manifest: Evidence): Say {
  return (purpose, args, at, kind = 'lifecycle', weight = 0) => {
    const run = `${program} ${args}`;
    const text = repo.file(at.path)?.lines.line(at.line).toLowerCase() ?? '';
    const named = args.split(/[\s:"]+/).some((word) => word.length > 2 && text.includes(word.toLowerCase()));
    const config = kind === 'tool' && named;
    // A plugin's class is no build file: beside it stands the build it is part of.
    const anchor = config || at === manifest || /\.(gradle|kts|xml)$/.test(at.path) ? [] : [manifest];
    const script = wrapper === undefined ? [] : [{ path: wrapper, line: 1 }];
    return {
      kind: 'command',
      purpose,
      run,
      dir,
      source: config ? 'config' : 'convention',
      evidence: [at, ...anchor, ...script],
      weight: kind === 'tool' && !config ? weight + 1 : weight,
    };
  };
}
