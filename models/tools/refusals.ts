import { oneLine } from '../../forge/render/visible.ts';

/** Why a tool does not do what was asked, and the sentence that says so. A model reads it, and may ask for something else. */
export const TOOL_REFUSALS = {
  'bad-input': 'The input is not what the tool takes.',
  'path-absolute': 'Paths are relative to the top of the repository, without a drive or a leading slash.',
  'path-parent': 'A path must not hold a "." or ".." part.',
  'path-form': 'A path is made of names with "/" between them: no backslash, no control character, no empty part.',
  'git-folder': 'What git keeps for itself is not shown; use git_log, git_blame or git_show.',
  'link-outside': 'A symbolic link that leads out of the repository is not followed.',
  'link-loop': 'Symbolic links that lead to one another are not followed.',
  'not-found': 'There is no such path.',
  'not-a-file': 'That is no file.',
  'not-a-folder': 'That is no folder.',
  'special-file': 'A device, a pipe or a socket is not opened.',
  'no-permission': 'It cannot be opened.',
  changed: 'It was exchanged for something else while it was opened.',
  'too-large': 'It is larger than what is read.',
  binary: 'It is not text.',
  'lfs-pointer': 'Its content lies in Git LFS and is not here.',
  'bad-pattern': 'The pattern is not one of RE2: there is no looking around and no referring back.',
  'pattern-too-large': 'The pattern is too large once its repetitions are written out.',
  'bad-revision': 'A revision is a branch, a tag or a commit, with ~ or ^ behind it.',
  'unknown-revision': 'There is no such revision in this clone.',
  'git-failed': 'Git cannot tell; the clone may be shallow or partial.',
  'too-slow': 'It takes too long; ask for less.',
  aborted: 'It was called off.',
  failed: 'The tool itself failed.',
} as const;
export type ToolRefusal = keyof typeof TOOL_REFUSALS;

/** Thrown within the tools; becomes the result of the one that was called. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: ToolRefusal;

  /** @param what What was asked for, or what is wrong with it; any text. */
  constructor(reason: ToolRefusal, what = '') {
    super(what === '' ? TOOL_REFUSALS[reason] : `${TOOL_REFUSALS[reason]} (${shown(what)})`);
    this.reason = reason;
  }
}

/** Text of a repository or a model within a message of ours: one line, nothing hidden, not long. */
function shown(text: string): string {
  const line = oneLine(text.slice(0, 1000));
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const LONGEST = 200;
