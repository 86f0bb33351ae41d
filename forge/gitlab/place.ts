import type { Project } from '../port.ts';
import type { Capabilities } from './capabilities.ts';
import type { GitlabHttp } from './http/port.ts';

/** One commit of one project, and the ways to it. */
export interface Place {
  readonly http: GitlabHttp;
  readonly capabilities: Capabilities;
  readonly project: Pick<Project, 'id' | 'path'>;
  readonly commit: string;
}

/** What is known of a blob's content. */
export type Content =
  | { readonly bytes: Buffer }
  /** Its size, and that its bytes were not had. */
  | { readonly size: number }
  /** Nobody has it; why, in words, where there is more to say. */
  | { readonly missing: string };
