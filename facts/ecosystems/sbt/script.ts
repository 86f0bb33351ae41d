import type { SourceFile } from '../../source-file.ts';
import type { CodeLine } from '../jvm/code-lines.ts';

/** A build definition without its comments. */
export interface SbtScript {
  readonly file: SourceFile;
  readonly lines: readonly CodeLine[];
}
