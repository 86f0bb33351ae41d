import type { CommandModule } from '../command.ts';

/** The file of each command, loaded only when it is run. Apart from the command table, which completion reads too. */
const FILES: Readonly<Record<string, () => Promise<CommandModule>>> = {
  generate: () => import('./generate.ts'),
  check: () => import('./check.ts'),
  changes: () => import('./changes.ts'),
  facts: () => import('./facts.ts'),
  'co-changes': () => import('./co-changes.ts'),
  'codex audit': () => import('./codex-audit.ts'),
  'codex check': () => import('./codex-check.ts'),
  'codex match': () => import('./codex-match.ts'),
  'codex explain': () => import('./codex-explain.ts'),
  'codex search': () => import('./codex-search.ts'),
  'codex lint': () => import('./codex-lint.ts'),
  'codex ids': () => import('./codex-ids.ts'),
  'codex new': () => import('./codex-new.ts'),
  'codex import': () => import('./codex-import.ts'),
  'codex export': () => import('./codex-export.ts'),
  'codex shadow': () => import('./codex-shadow.ts'),
  'codex impact': () => import('./codex-impact.ts'),
  'codex waive': () => import('./codex-waive.ts'),
  'codex waivers': () => import('./codex-waivers.ts'),
  'fleet list': () => import('./fleet-list.ts'),
  'fleet show': () => import('./fleet-show.ts'),
  sweep: () => import('./sweep.ts'),
  worker: () => import('./worker.ts'),
  'schedule add': () => import('./schedule-add.ts'),
  'schedule list': () => import('./schedule-list.ts'),
  'schedule remove': () => import('./schedule-remove.ts'),
  status: () => import('./status.ts'),
  retry: () => import('./retry.ts'),
  review: () => import('./review.ts'),
  listen: () => import('./listen.ts'),
  pause: () => import('./pause.ts'),
  resume: () => import('./resume.ts'),
  rollback: () => import('./rollback.ts'),
  'adopt-review': () => import('./adopt-review.ts'),
  'state export': () => import('./state-export.ts'),
  'state import': () => import('./state-import.ts'),
  'state rebuild': () => import('./state-rebuild.ts'),
  'catalog show': () => import('./catalog-show.ts'),
  'models list': () => import('./models-list.ts'),
  'models test': () => import('./models-test.ts'),
  'models cost': () => import('./models-cost.ts'),
  'agents list': () => import('./agents-list.ts'),
  'agents show': () => import('./agents-show.ts'),
  'agents check': () => import('./agents-check.ts'),
  'agents compile': () => import('./agents-compile.ts'),
  'agents export': () => import('./agents-export.ts'),
  eval: () => import('./eval.ts'),
  doctor: () => import('./doctor.ts'),
  init: () => import('./init.ts'),
  'config show': () => import('./config-show.ts'),
  'config schema': () => import('./config-schema.ts'),
  completions: () => import('./completions.ts'),
};

/** What runs the command of a path such as `['config', 'show']`. */
export async function loadCommand(path: readonly string[]): Promise<CommandModule> {
  const load = FILES[path.join(' ')];
  if (!load) throw new Error(`the command "${path.join(' ')}" of the command table has no file in cli/commands/`);
  return await load();
}
