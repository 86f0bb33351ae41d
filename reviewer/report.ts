import type { Usage } from '../models/port.ts';
import type { AgentState } from './decide/decide.ts';

/** What one agent did. */
export interface AgentReport {
  readonly name: string;
  readonly state: AgentState;
  /** Findings it had, before any were dropped. */
  readonly findings: number;
  readonly ms: number;
  /** Why it is not done; what it could not look at. */
  readonly message: string | null;
  /** The language model that answered, and what was taken for it; absent where none was asked. */
  readonly model?: string | null | undefined;
  readonly usage?: Usage | undefined;
  readonly cost?: number | null | undefined;
  readonly calls?: number | undefined;
}
