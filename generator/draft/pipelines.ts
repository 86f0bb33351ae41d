import { type Claim, holdsName } from './claim.ts';
import type { Ground } from './ground.ts';
import { pathsOf, plain } from './span-gates.ts';

const PIPELINE =
  /^\.github\/workflows\/[^/]+\.ya?ml$|(?:^|[/.])gitlab-ci\.ya?ml$|^\.gitlab\/ci\/.+\.ya?ml$|^\.circleci\/config\.ya?ml$|(?:^|\/)Jenkinsfile$|^(?:azure|bitbucket)-pipelines\.ya?ml$|^\.buildkite\/.+\.ya?ml$/;
/** A step that brings what was written into a branch. */
const COMMITS =
  /\bgit\b[^#]*\s(?:commit|push)\b|\b(?:create-pull-request|git-auto-commit|add-and-commit)\b|\bgh pr create\b|\bglab mr create\b|\bmerge_request\.create\b/;
/** A step that writes files. */
const WRITES = /(?:re)?generat|\b(?:out|output|writes?|written|dump|render)\b|(?:^|\s)(?:-o\s|>{1,2}\s*\S)/i;
const COMMENT = /^\s*(?:#|\/\/|\*)/;

/** How a pipeline starts what a cited file defines. */
const STARTED: readonly (readonly [file: RegExp, by: RegExp])[] = [
  [/(?:^|\/)\.?justfile$/i, /\bjust\s/],
  [/(?:^|\/)(?:gnu)?makefile$/i, /\bmake\s/],
  [/(?:^|\/)taskfile\.ya?ml$/i, /\btask\s/],
  [/(?:^|\/)rakefile$/i, /\brake\s/],
  [/(?:^|\/)noxfile\.py$/, /\bnox\s/],
  [/(?:^|\/)package\.json$/, /\b(?:npm|pnpm|yarn|bun)\s/],
];

const SAYS_MADE = /\b(?:re)?generated\b|\b(?:made|written|updated|kept up to date) by\b/i;

/**
 * Whether what a bullet says is generated is written and committed by a pipeline that it cites: nobody else has to, whatever else stands
 * in the file. The path that is named first is meant.
 */
export function isKeptByPipeline({ spans, prose, evidence }: Claim, { paths, lines }: Ground): boolean {
  if (!SAYS_MADE.test(prose)) return false;
  const pipelines = new Map(
    evidence.flatMap(({ path }) => {
      const steps = PIPELINE.test(path) ? (lines(path) ?? []).filter((line) => !COMMENT.test(line)) : [];
      return steps.some((step) => COMMITS.test(step)) ? [[path, steps] as const] : [];
    }),
  );
  const meant = spans.find((span) => !pipelines.has(plain(span)) && pathsOf(span, paths).length > 0);
  if (meant === undefined) return false;
  const steps = [...pipelines.values()].flat();
  const started = evidence.flatMap(({ path, line }) => {
    const by = STARTED.find(([file]) => file.test(path))?.[1];
    const isStarted = steps.some((step) => (by ? by.test(step) : holdsName(step, path)));
    return isStarted && !pipelines.has(path) ? [lines(path)?.[line - 1] ?? ''] : [];
  });
  return [...steps, ...started].some(
    // What it is made from is not what is made.
    (step) => !COMMENT.test(step) && WRITES.test(step) && holdsName(step.replace(/\bfrom\b.*/, ''), plain(meant)),
  );
}
