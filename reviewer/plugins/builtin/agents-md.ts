import type { RepoReader } from '../../../forge/reader.ts';
import type { AgentDocument } from '../../../generator/documents/document.ts';
import { findDocuments } from '../../../generator/documents/find.ts';
import type { AgentsMdResult } from '../../computed/agents-md.ts';
import type { PluginSubject, ReviewPlugin } from '../plugin.ts';
import { unsure } from './unsure.ts';

export interface TargetInstructions {
  /** What the change goes into. */
  readonly target: RepoReader;
  readonly after: RepoReader;
  /** What could be computed; `undefined` where that failed. */
  readonly computed: Pick<AgentsMdResult, 'changes' | 'findings'> | undefined;
}

const AGENT = 'agents-md';

/**
 * AGENTS.md, as it stands where the change goes into: the change's own version is never an instruction. The one at the root, and those of
 * folders that the change touches. The agent that judges it is only asked where something may have become false that cannot be computed.
 */
export function agentsMdPlugin({ target, after, computed }: TargetInstructions): ReviewPlugin {
  return {
    name: 'agents-md',
    async configure({ agents, addPrompt, skipAgent, report }, about) {
      const { documents, unread } = await findDocuments(target);
      for (const { path, reason } of unread) report(`${path} could not be read: ${reason}`);
      const own = documents.filter((document) => document.kind === 'agents' && speaksOf(document, about));
      for (const { path, text } of own)
        if (text.trim() !== '') addPrompt({ title: `${path} of the target branch`, text, for: 'all', verbatim: true });
      if (!agents().includes(AGENT)) return;
      if (own.length === 0) return skipAgent(AGENT, 'the target branch has no AGENTS.md that speaks of what changed');
      const [was, is] = await Promise.all([target.paths(), after.paths()]);
      const why = unsure({ documents: own, files: about.files, computed, was, is });
      if (why === null) skipAgent(AGENT, 'nothing that AGENTS.md says can have become false, beyond what was computed');
    },
  };
}

function speaksOf({ dir }: AgentDocument, { files }: PluginSubject): boolean {
  return dir === '' || files.some(({ path, from }) => [path, from].some((each) => each?.startsWith(`${dir}/`)));
}
