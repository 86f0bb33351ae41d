import type { SourceFile } from '../../../facts/source-file.ts';
import { isNegated } from '../../documents/negation.ts';
import { type Span, spansOf } from '../../documents/spans.ts';
import { isStandIn } from '../../documents/stand-ins.ts';
import type { Rule, World } from '../rule.ts';

/** A CI job or workflow that a document names and no CI file holds. A workflow's file is a path: AMD101 looks for it. */
export const ciClaimWithoutCi: Rule = {
  id: 'AMD108',
  name: 'ci-claim-without-ci',
  severity: 'warning',
  title: 'A document names a CI job or workflow that no CI file defines.',
  why: 'An agent waits for a check that never comes, or believes that something is checked that nobody checks.',
  source: 'https://agents.md/',
  *check(document, world) {
    const files = ciFiles(world);
    // Without a file that was read there may be a CI elsewhere.
    if (files.length === 0) return;
    const known = new Set(names(world, files));
    for (const span of spansOf(document)) {
      if (span.kind !== 'code' || !isJobName(span) || isNegated(span.place) || isElsewhere(span)) continue;
      const name = plain(span.text);
      if (known.has(name) || files.some(({ text }) => text.includes(span.text)) || isFile(span.text, world)) continue;
      yield {
        at: span,
        severity: 'warning',
        message: `no CI file of this repository has a job or workflow ${span.text}`,
      };
    }
  },
};

const CI_FILE =
  /^(?:\.github\/|\.gitlab|\.circleci\/|\.buildkite\/|\.azure|azure-pipelines|\.pipelines\/|eng\/|Jenkinsfile|bitbucket-pipelines|\.travis|appveyor|\.appveyor|\.drone|\.cirrus|\.woodpecker|\.semaphore\/|ci\/|\.ci\/|build\/)/;

function ciFiles({ survey }: World): readonly SourceFile[] {
  const pipelines = new Set(survey.signals.flatMap((signal) => (signal.kind === 'step' ? [signal.path] : [])));
  return [...survey.files.values()].filter(
    ({ path }) => (CI_FILE.test(path) || pipelines.has(path)) && !path.endsWith('.md'),
  );
}

/** Jobs, workflows and the files they stand in, in a spelling without case and separators. */
function* names({ survey }: World, files: readonly SourceFile[]): Iterable<string> {
  for (const { kind, ...signal } of survey.signals) {
    if (kind === 'step' && 'job' in signal) yield* [plain(signal.job), plain(signal.pipeline)];
    if (kind === 'fact' && 'key' in signal && signal.key === 'ci.job') yield plain(signal.value);
  }
  for (const { name, text } of files) {
    yield plain(name.replace(/\.\w+$/, ''));
    for (const [, said = ''] of text.matchAll(/^\s*(?:- )?(?:name|id|job|workflow|stage):\s*['"]?([^'"\n#]{1,80})/gm))
      yield plain(said);
    for (const [, key = ''] of text.matchAll(/^ {0,4}([\w.-]{1,80}):\s*(?:#.*)?$/gm)) yield plain(key);
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

const AFTER =
  /^\s*\)?\s*(?:(?:CI|GitHub Actions?|GitLab CI|GHA|Actions|pipeline|required)\s+)(?:job|workflow|check|pipeline|stage|gate|run)s?\b/i;
const BEFORE =
  /\b(?:CI|GitHub Actions?|GitLab CI|Actions|pipeline)\s+(?:job|workflow|check|pipeline|stage)(?:\s+(?:named|called))?\s*:?\s*$/i;

/** Inline code that the words beside it call a job of CI. */
function isJobName({ text, place }: Span): boolean {
  if (!/^[A-Za-z][\w .:-]{2,60}$/.test(text) || /\.\w{1,5}$/.test(text) || isStandIn(text)) return false;
  return (AFTER.test(place.after) && !/\b\w+ \w+ \w+/.test(text)) || BEFORE.test(place.before);
}

/** Another repository's CI, an example, or one that is still to be written. */
function isElsewhere({ place }: Span): boolean {
  return /\b(?:e\.g|example|another|other repo\w*|upstream|downstream|add|create|new|proposed?|will|would|should have|was|were|previous\w*|former\w*|old|template|user|consumer|customer|org\w*)\b/i.test(
    place.around,
  );
}

/** `lint` may be a file's name, or what a script calls itself. */
function isFile(text: string, { survey }: World): boolean {
  return ['', '.yml', '.yaml', '.sh', '.groovy'].some((ending) => survey.paths.named(text + ending).length > 0);
}
