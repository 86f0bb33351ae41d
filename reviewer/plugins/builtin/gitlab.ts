import type { Person, Thread } from '../../../forge/review-port.ts';
import type { ReviewPlugin } from '../plugin.ts';

export interface GitlabWords {
  readonly title: string;
  readonly description: string;
  /** Notes of the forge's own, and those that we wrote, are left out. */
  readonly threads: readonly Thread[];
  readonly self: Person;
}

/**
 * What people say in a merge request. Its conversation goes to the coordinator, who judges what holds: told to all, each new comment would
 * cost them their cached prefix.
 */
export function gitlab({ title, description, threads, self }: GitlabWords): ReviewPlugin {
  return {
    name: 'gitlab',
    configure({ agents, addPrompt }) {
      addPrompt({ title: 'title of the merge request', text: title || '(none)', for: 'all' });
      if (description.trim() !== '')
        addPrompt({ title: 'description of the merge request', text: description, for: 'all' });
      const text = threads.flatMap((thread) => conversation(thread, self)).join('\n\n');
      if (text === '') return;
      addPrompt({
        title: 'what people said in the merge request',
        text,
        for: agents().includes('coordinator') ? ['coordinator'] : 'all',
      });
    },
  };
}

/** Each line marked, so that no comment can pass for several. */
function conversation({ notes, resolved }: Thread, self: Person): readonly string[] {
  const said = notes.filter(({ system, author }) => !system && author.id !== self.id);
  return said.map(({ author, createdAt, body }) => {
    const state = resolved ? ', resolved' : '';
    return [`${author.username || 'somebody'}, ${createdAt}${state}:`, ...body.split(/\r\n|\r|\n/).map(marked)].join(
      '\n',
    );
  });
}

function marked(line: string): string {
  return `> ${line}`;
}
