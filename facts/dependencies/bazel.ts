import { ecosystem } from '../ecosystem.ts';
import { declared } from './declared.ts';
import { ownVersionAt } from './own-version.ts';

const CALL = /^(module|bazel_dep)\(([^()]{0,1000})\)/gm;

/** MODULE.bazel: `module(...)` and `bazel_dep(...)`, whose arguments must be literal. */
export const bazelDependencies = ecosystem({
  id: 'bazel-dependencies',
  title: 'Dependencies of MODULE.bazel',
  files: ['MODULE.bazel'],
  depth: 2,
  *detect(repo) {
    for (const file of repo.files) {
      for (const match of file.text.matchAll(CALL)) {
        const [, verb, args = ''] = match;
        const name = /\bname\s*=\s*"([^"]+)"/.exec(args)?.[1];
        const version = /\bversion\s*=\s*"([^"]+)"/.exec(args)?.[1];
        const line = file.lines.lineAt(match.index);
        if (verb === 'module' && version) yield* ownVersionAt(file, line, version, name);
        if (verb === 'bazel_dep' && name)
          yield declared('bazel', file, line, { name, range: version, dev: /\bdev_dependency\s*=\s*True/.test(args) });
      }
    }
  },
});
