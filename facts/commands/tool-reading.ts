import type { Purpose } from '../fact.ts';
import type { ToolRule } from './tool-rule.ts';

/** What one simple command does, as far as the table of tools knows. */
export interface Reading {
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** `cargo nextest run`: the words by which two calls are calls of the same tool. */
  readonly tool: string;
  readonly rule: ToolRule | undefined;
  /** The command as a person would type it: wrapper flags, CI-only flags and reports left out. */
  readonly words: readonly string[];
  readonly launcher: string | undefined;
  readonly contained: boolean;
  /** How far it is from "everything": folders, packages, filters. */
  readonly narrow: number;
  /** Flags that are left. */
  readonly flags: number;
  /** Something essential of it is only known at run time. */
  readonly vague: boolean;
  readonly checks: boolean;
  readonly fixes: boolean;
}
