import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { command, plain } from '../native/leads.ts';
import { type Target, targets } from './targets.ts';

const MAX_BINARIES = 3;

/** What people start with `bazel run` or name as a whole: the targets of the root and of the folders of tools. */
export function* runnables(repo: RepoView, weight: number): Iterable<Signal> {
  let binaries = 0;
  for (const file of repo.files) {
    if (!/^BUILD(?:\.bazel)?$/.test(file.name)) continue;
    for (const target of targets(file)) {
      const { rule, name, line } = target;
      const label = labelOf(file, name);
      if (rule === 'gazelle' && !name.includes('test') && !name.includes('check')) {
        yield command('generate', `bazel run ${label}`, '', file.at(line), { source: 'config', weight });
      } else if (/^buildifier/.test(name) && isStarted(target)) {
        const looks = /check|test|diff/.test(name) ? -3 : 0;
        yield plain('formatter', 'buildifier', '', file.at(line), { weight: -1 });
        yield command('format', `bazel run ${label}`, '', file.at(line), {
          source: 'config',
          weight: weight - 1 + looks,
        });
      } else if (isStarted(target) && CHORE.test(name)) {
        yield {
          kind: 'task',
          runner: 'bazel',
          name,
          run: `bazel run ${label}`,
          dir: '',
          at: file.at(line),
          body: [],
          needs: [],
        };
      } else if (rule === 'nogo' && file.dir === '') {
        yield plain('linter', 'nogo', '', file.at(line), { weight: -1 });
      } else if (file.dir === '' && /_binary$/.test(rule) && binaries++ < MAX_BINARIES) {
        yield command('run', `bazel run ${label}`, '', file.at(line), { source: 'config', weight: weight - binaries });
      }
    }
  }
}

/** What a chore is called: a name that says that it formats, checks or generates. */
const CHORE = /^(?:format|fmt|lint|fix|tidy|generate|gen|codegen|mypy)(?:[._-](?:all|fix|check|code|files))?$/;

/** Rules whose targets are programs; an alias may stand for one, and a chore's name says that it does. */
function isStarted({ rule }: Target): boolean {
  return /(?:^|_)(?:alias|binary|multirun|command|buildifier|format|script|runner|run|write_source_files?)$/.test(rule);
}

/** `//tools/format:format` is `//tools/format`. */
function labelOf({ dir }: SourceFile, name: string): string {
  return dir !== '' && dir.endsWith(`/${name}`) ? `//${dir}` : `//${dir}:${name}`;
}
