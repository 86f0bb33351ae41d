import type { EntryKind } from '../../forge/reader.ts';
import { isMigration } from './migration.ts';
import { isSecurityPath } from './security-path.ts';
import { isSecurityText } from './security-text.ts';
import { isInstructions, isPipeline, isReviewConfiguration } from './steering.ts';

/** Why a change is looked at by everybody, however small it is. */
export const SENSITIVE = [
  ...['security', 'agent-instructions', 'pipeline', 'review-configuration', 'migration'],
  ...['link', 'submodule', 'executable', 'origin'],
] as const;
export type Sensitive = (typeof SENSITIVE)[number];

/** What a file is sensitive for, by its path; asked of both paths of a rename. */
export function sensitivityOf(path: string): Sensitive | undefined {
  if (isReviewConfiguration(path)) return 'review-configuration';
  if (isInstructions(path)) return 'agent-instructions';
  if (isPipeline(path)) return 'pipeline';
  if (isMigration(path)) return 'migration';
  return isSecurityPath(path) ? 'security' : undefined;
}

/**
 * What a file is sensitive for, by what it was and is now; `undefined`: there is none. Where a link leads, what another commit of a
 * submodule brings, and that a script may be run from now on, no line of it says.
 */
export function sensitivityOfKind(was: EntryKind | undefined, is: EntryKind | undefined): Sensitive | undefined {
  if (is === 'symlink') return 'link';
  if (is === 'submodule') return 'submodule';
  return is === 'executable' && was === 'file' ? 'executable' : undefined;
}

/**
 * What a file is sensitive for, by what a change added and removed in it: a limit of login attempts may lie in `models.py`.
 *
 * @param lines added and removed, without their signs and without the lines around them.
 */
export function sensitivityOfText(path: string, lines: readonly string[]): Sensitive | undefined {
  if (/\.(?:sql|cql|ddl)$/i.test(path) && lines.some((line) => DEFINES.test(line))) return 'migration';
  return isSecurityText(path, lines) ? 'security' : undefined;
}

const DEFINES = /\b(?:alter|create|drop)\s+(?:table|type|schema)\b/i;
