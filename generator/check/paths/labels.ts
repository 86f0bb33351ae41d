import type { PathIndex } from '../../../facts/path-index.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { spansOf } from '../../documents/spans.ts';
import type { Found, Piece } from '../rule.ts';
import { standingOf } from './speech.ts';

/** `//app/server:server`, `//app/...`, `//:all`; those of other repositories begin with `@`. */
const LABEL = /(?<![\w@/:.-])\/\/([\w+-][\w.+-]*(?:\/[\w+-][\w.+-]*)*)?(\/\.\.\.)?(?::([\w.+/-]+))?(?![\w/<{*])/g;
/** A line that runs Bazel or Buck; in other code a label may be anything. */
const RUNS = /(?:^|[\s;&|/])(?:bazel|bazelisk|buck2?)\s/;
const STAND_IN = /^external(?:$|\/)|(?:^|\/)(?:path|to|foo|bar|baz|some|your|my|package|pkg|example|target)(?:$|[/:])/;

/** Labels of Bazel and Buck whose package is not there. Which targets a package has, only a run knows. */
export function* missingLabels(document: AgentDocument, paths: PathIndex): Iterable<Found> {
  const buildFiles = buildFilesOf(paths);
  if (buildFiles === undefined) return;
  for (const { kind, text, line, column, offset, place } of spansOf(document)) {
    if (kind !== 'code' && !(kind === 'block' && RUNS.test(text))) continue;
    const standing = standingOf(place);
    if (standing === 'past' || (kind === 'code' && standing !== 'stated')) continue;
    for (const match of text.matchAll(LABEL)) {
      const [label, dir = '', all, target] = match;
      // A comment begins like a label.
      if ((target === undefined && all === undefined && kind === 'block') || dir === '' || STAND_IN.test(dir)) continue;
      const there = all === undefined ? buildFiles.some((name) => paths.has(`${dir}/${name}`)) : paths.hasDir(dir);
      if (there) continue;
      const at: Piece = { text: label, line, column: column + match.index, offset: offset + match.index };
      yield {
        at,
        severity: 'warning',
        message: `there is no package //${dir}`,
        doubt: {
          paths: [dir],
          gone: (_, { movedTo }) => ({
            severity: 'error',
            message: movedTo === undefined ? `//${dir} was deleted` : `//${dir} has moved to //${movedTo}`,
            ...(movedTo === undefined ? {} : { replacement: label.replace(dir, movedTo) }),
          }),
        },
      };
    }
  }
}

function buildFilesOf(paths: PathIndex): readonly string[] | undefined {
  if (['MODULE.bazel', 'WORKSPACE', 'WORKSPACE.bazel'].some((name) => paths.isFile(name)))
    return ['BUILD.bazel', 'BUILD'];
  return paths.isFile('.buckconfig') ? ['BUCK', 'TARGETS'] : undefined;
}
