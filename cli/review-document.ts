import type { Change } from '../forge/git/change.ts';
import type { Finding } from '../reviewer/findings/finding.ts';
import type { Review } from '../reviewer/review.ts';

/** A review as JSON, `agentsmd/review/1`. */
export function reviewDocument(review: Review, { before, after }: Pick<Change, 'before' | 'after'>): object {
  const {
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
    ms,
  } = review;
  return {
    schema: 'agentsmd/review/1',
    repository: after.name,
    base: before.commit,
    head: after.worktree ? null : after.commit,
    tier,
    tierBecause,
    decision,
    complete,
    because,
    findings: findings.map(bare),
    dropped: dropped.map(({ finding, reason, detail }) => ({
      reason,
      detail,
      title: finding.title,
      agent: finding.agent,
      path: finding.path,
      line: finding.line,
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
    },
    agents,
    ms,
  };
}

function bare({ rules, ...finding }: Finding): object {
  const { severity, category, path, side, line, endLine, title, detail, quote, evidence, suggestion } = finding;
  const { agent, computed, trivial, fingerprint } = finding;
  return {
    ...{ severity, category, path, side, line, endLine, title, detail, quote, evidence },
    ...{ rules, suggestion, agent, computed, trivial, fingerprint },
  };
}
