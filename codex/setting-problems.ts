import type { FrontMatter } from '../forge/front-matter.ts';
import { type SettingIssue, settingFaults } from '../forge/setting-faults.ts';
import type { CodexProblem } from './codex.ts';

/** Faults of front matter with their lines, in the words of people who write rules. */
export function settingProblems(
  issues: readonly SettingIssue[],
  file: string,
  lineOf: FrontMatter['lineOf'],
): CodexProblem[] {
  return settingFaults(issues).map(({ path, message }) => ({ kind: 'setting', file, line: lineOf(path), message }));
}
