import type { ReviewPlugin } from '../plugin.ts';

export interface LocalWords {
  /** `null`: none is checked out. */
  readonly branch: string | null;
  /** First lines of the messages of its commits, the newest first. */
  readonly titles: readonly string[];
}

/** What there is to say of a change that is no merge request yet. */
export function local({ branch, titles }: LocalWords): ReviewPlugin {
  return {
    name: 'local',
    configure({ addPrompt }) {
      if (branch) addPrompt({ title: 'branch', text: branch, for: 'all' });
      if (titles.length > 0) addPrompt({ title: 'titles of its commits', text: titles.join('\n'), for: 'all' });
    },
  };
}
