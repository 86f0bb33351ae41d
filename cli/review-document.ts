import type { Change } from '../forge/git/change.ts';
import { masked } from '../forge/render/secrets.ts';
import type { WriteRequest } from '../forge/write-request.ts';
import type { Finding } from '../reviewer/findings/finding.ts';
import type { Unnamed } from '../reviewer/findings/fingerprint.ts';
import type { Review } from '../reviewer/review.ts';
import type { Effect } from '../reviewer/scope/policy.ts';

/** What is known of a merge request. */
export interface AboutMergeRequest {
  readonly computedOnly: string | null;
  readonly effect: Effect;
}

/**
 * A review as JSON, `agentsmd/review/1`. More people read the log of a job than the repository: no secret is in it.
 *
 * @param about of a merge request. @param requests what a dry run would have sent.
 */
export function reviewDocument(
  review: Review,
  { before, after }: Pick<Change, 'before' | 'after'>,
  about?: AboutMergeRequest,
  requests?: readonly WriteRequest[],
): object {
  const {
    skipped,
    tier,
    tierBecause,
    decision,
    complete,
    because,
    findings,
    dropped,
    files,
    changes,
    offer,
    codex,
    agents,
    productionRisk,
    riskPattern,
    models,
    ms,
  } = review;
  return {
    schema: 'agentsmd/review/1',
    repository: after.name,
    base: before.commit,
    head: after.worktree ? null : after.commit,
    skipped,
    computedOnly: about?.computedOnly ?? null,
    effect: about?.effect ?? null,
    tier,
    tierBecause,
    decision,
    complete,
    because,
    findings: findings.map(bare),
    dropped: dropped.map(({ finding, reason, detail }) => ({
      reason,
      detail: masked(detail),
      ...placeOf(finding),
    })),
    files: files.length,
    filtered: files.flatMap(({ path, noise }) => (noise === undefined ? [] : [{ path, reason: noise }])),
    unread: files.flatMap(({ path, unread }) => (unread === undefined ? [] : [{ path, reason: unread }])),
    changes,
    offer,
    codex: codex && {
      rules: codex.rules,
      unchecked: codex.unchecked,
      failed: codex.failed,
      unread: codex.unread,
      waived: codex.waived,
      muted: codex.muted,
    },
    agents,
    productionRisk,
    riskPattern,
    models: models && {
      ...models,
      rejected: models.rejected.map(({ finding, why }) => ({ why, ...placeOf(finding) })),
    },
    ms,
    ...(requests === undefined ? {} : { requests }),
  };
}

function placeOf({ title, agent, severity, path, line }: Unnamed): object {
  return { title: masked(title), agent, severity, path, line };
}

function bare({ rules, ...finding }: Finding): object {
  const { severity, category, path, side, line, endLine, title, detail, quote, evidence, suggestion } = finding;
  const { agent, computed, trivial, probation, fingerprint } = finding;
  return {
    ...{ severity, category, path, side, line, endLine, title: masked(title), detail: masked(detail) },
    ...{ quote: masked(quote), evidence },
    ...{ rules, suggestion: suggestion && masked(suggestion), agent, computed, trivial },
    ...(probation === undefined ? {} : { probation: true }),
    fingerprint,
  };
}
