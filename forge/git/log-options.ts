/**
 * What every `git log` of ours is given: nothing of the user's configuration shapes what comes out, or runs. Each commit
 * begins with a byte that no status and no path begins with.
 */
export const LOG_OPTIONS: readonly string[] = [
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--no-color',
  '--no-notes',
  '-z',
  '--format=%x01%H',
];
