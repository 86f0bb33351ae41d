import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { plain } from '../native/leads.ts';

/** The pipeline of Bazel's own projects: targets instead of commands. https://github.com/bazelbuild/continuous-integration */
export function* bazelCi(repo: RepoView): Iterable<Signal> {
  for (const file of repo.files) {
    if (!/^\.bazelci\/presubmit\.ya?ml$/.test(file.path)) continue;
    const config = file.yaml();
    const checks = config?.get('buildifier');
    if (checks) {
      yield plain('formatter', 'buildifier', '', file.at(checks.keyLine), { weight: -1 });
      yield plain('linter', 'buildifier', '', file.at(checks.keyLine), { weight: -1 });
    }
    const tasks = config?.get('tasks');
    for (const [job, task] of tasks?.entries() ?? []) yield* steps(file, job, task);
    for (const task of tasks?.items() ?? [])
      yield* steps(file, task.get('name')?.text ?? task.get('platform')?.text ?? '', task);
  }
}

function* steps(file: SourceFile, job: string, task: Tree): Iterable<Signal> {
  const dir = (task.get('working_directory')?.text ?? '').replace(/^\.?\/|\/$/g, '');
  for (const command of ['build', 'test']) {
    const key = task.get(`${command}_targets`);
    const wanted = (key?.texts() ?? []).filter((target) => target !== '--' && !target.startsWith('-'));
    if (!key || wanted.length === 0 || !wanted.every(isLabel)) continue;
    const targets = wanted.map((target) => (target === '...' ? '//...' : target));
    yield {
      kind: 'step',
      script: `bazel ${command} ${targets.join(' ')}`,
      path: file.path,
      lines: [key.keyLine],
      dir,
      pipeline: 'bazelci',
      job,
      trigger: 'merge-request',
    };
  }
}

/** `//dir/...`, `@rules//dir:name`, `dir:name`; nothing outside of the workspace. */
function isLabel(target: string): boolean {
  return /^[@\w/:.=+~-]+$/.test(target) && !target.split(/[/:]/).includes('..');
}
