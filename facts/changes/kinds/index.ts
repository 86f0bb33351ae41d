import type { Kind } from '../comparison.ts';
import { ciFiles } from './ci-files.ts';
import { ciRuns } from './ci-runs.ts';
import { ciSystems } from './ci-systems.ts';
import { commands } from './commands.ts';
import { dependencyMajor } from './dependency-major.ts';
import { dependencySwap } from './dependency-swap.ts';
import { directories } from './directories.ts';
import { environment } from './environment.ts';
import { installGroups } from './install-groups.ts';
import { lintRules } from './lint-rules.ts';
import { runtimes } from './runtimes.ts';
import { taskTools } from './task-tools.ts';
import { tasks } from './tasks.ts';
import { tools } from './tools.ts';
import { workspace } from './workspace.ts';

/** Every kind of change; of two that tell what became of the same thing the first is right. `docs/changes.md` says what each amounts to. */
export const KINDS: readonly Kind[] = [
  taskTools,
  tools,
  installGroups,
  commands,
  tasks,
  environment,
  ciSystems,
  ciRuns,
  ciFiles,
  workspace,
  directories,
  runtimes,
  dependencyMajor,
  dependencySwap,
  lintRules,
];
