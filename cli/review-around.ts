import type { Codex } from '../codex/codex.ts';
import type { Change } from '../forge/git/change.ts';
import type { ReviewKeys } from '../reviewer/config.ts';
import type { EngineSettings } from '../reviewer/engine/port.ts';
import type { PanelSubject } from '../reviewer/panel/panel.ts';
import type { GitlabWords } from '../reviewer/plugins/builtin/gitlab.ts';
import type { LocalWords } from '../reviewer/plugins/builtin/local.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';

/** What is reviewed, for those who are asked about it. */
export interface PanelAround {
  readonly config: LoadedConfig;
  readonly keys: ReviewKeys;
  readonly out: CommandInput['out'];
  readonly change: Pick<Change, 'before' | 'after' | 'target'>;
  readonly codex: Codex | undefined;
  readonly unchosen: boolean;
  /** `2026-11-22`. */
  readonly today: string;
  /** The folder that was named; `null` for a merge request that was named by its address. */
  readonly folder: string | null;
  readonly sees: EngineSettings['sees'];
  /** Of a merge request: where it is. */
  readonly mergeRequest: { readonly instance: string; readonly project: string; readonly iid: number } | undefined;
  readonly words: { readonly gitlab: GitlabWords } | { readonly local: LocalWords };
  /** What the last review of it left. */
  readonly past: PanelSubject['past'];
}
