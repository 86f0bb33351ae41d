import { ForgeError, type ForgeReason } from '../../errors.ts';
import type { AccessLevel, Project } from '../../port.ts';

/** What was refused. */
export interface Refused {
  readonly project: Pick<Project, 'path' | 'instance'>;
  readonly what: 'commit' | 'merge request' | 'comment' | 'branch';
  readonly branch?: string;
}

/**
 * The refusal of a write with the reason that its words or the project's state tell, and what to do about it. Words come
 * first: they name the rule. What GitLab refuses without a word is looked up; an error that says enough stays as it is.
 *
 * @param look shows the project as it is now; asked at most once.
 */
export async function explain(error: unknown, refused: Refused, look: () => Promise<Project>): Promise<unknown> {
  if (!(error instanceof ForgeError) || !VAGUE.has(error.reason)) return error;
  const said = error.said ?? error.message;
  const rule = RULES.find(({ words }) => words.test(said));
  if (rule) return restated(error, rule.reason, `${rule.because}; ${rule.remedy}`, refused);
  if (error.reason !== 'forbidden' && error.reason !== 'not-found') return error;
  let now: Project;
  try {
    now = await look();
  } catch (why) {
    return why instanceof ForgeError && why.reason === 'not-found'
      ? restated(error, 'not-found', 'the project is gone, or out of reach of this token; nothing to do here', refused)
      : error;
  }
  return fromProject(error, now, refused);
}

/** Reasons that HTTP's status alone gives. */
const VAGUE: ReadonlySet<ForgeReason> = new Set(['forbidden', 'invalid', 'conflict', 'not-found']);

interface Rule {
  readonly words: RegExp;
  readonly reason: ForgeReason;
  readonly because: string;
  readonly remedy: string;
}

const UNPROTECT =
  'let it push there (Settings > Repository > Protected branches, and the role Developer), or configure another branch name';

/**
 * GitLab's texts of several versions: ee/lib/ee/gitlab/checks/push_rules/ and its forebear ee/lib/ee/gitlab/checks/change_access.rb,
 * lib/gitlab/checks/branch_check.rb, app/services/commits/create_service.rb, Gitaly's index errors, doc/administration/maintenance_mode.
 */
const RULES: readonly Rule[] = [
  {
    words: /read-only (?:instance|GitLab)|currently read-only|maintenance mode/i,
    reason: 'unavailable',
    because: 'GitLab takes no writes at the moment',
    remedy: 'try again when its maintenance is over',
  },
  {
    words: /\bmust be (?:gpg )?signed|unsigned commit|not signed/i,
    reason: 'signed-commits',
    because: 'the project takes only signed commits',
    remedy:
      "let GitLab sign the commits of its API (web commit signing), or except this token's user in the push rules",
  },
  {
    words:
      /follow the pattern|forbidden pattern|prohibited by the pattern|not a member of (?:the )?team|allowed size|own verified emails|committer email|emails? .*not verified|username is inconsistent|\bDCO\b|secrets? (?:detected|found)|push blocked|is locked by/i,
    reason: 'push-rule',
    because: 'a push rule of the project rejects it',
    remedy:
      'fit the branch name, commit message or author that are configured, or change the rule (Settings > Repository > Push rules)',
  },
  {
    words: /protected branch|force push|match the CODEOWNERS|were matched:/i,
    reason: 'protected-branch',
    because: 'the branch is protected',
    remedy:
      "allow this token's user to push to it (Settings > Repository > Protected branches), or configure another branch name",
  },
  {
    words: /GL-HOOK-ERR|pre-receive hook|hook declined/i,
    reason: 'push-rule',
    because: 'a hook of the server rejects it',
    remedy: 'ask its administrators what it wants',
  },
  {
    words:
      /\balready exists|file with this name doesn't exist|has changed since|find start_sha|could not update|expected .* but got/i,
    reason: 'conflict',
    because: 'the repository changed meanwhile',
    remedy: 'it is looked at anew with the next run',
  },
];

function fromProject(error: ForgeError, now: Project, refused: Refused): ForgeError {
  const pushes = refused.what === 'commit' || refused.what === 'branch';
  const told = (reason: ForgeReason, why: string, needs?: string) => restated(error, reason, why, refused, needs);
  if (now.pendingDelete) return told('pending-delete', 'the project is about to be deleted; nothing to do here');
  if (now.archived) return told('archived', 'the project is archived; unarchive it, or leave it out');
  if (!now.repositoryEnabled)
    return told('repository-disabled', 'its repository is switched off (Settings > General > Visibility)');
  if (!now.mergeRequestsEnabled && !pushes)
    return told(
      'merge-requests-disabled',
      'it takes no merge requests; switch them on (Settings > General > Visibility)',
    );
  if (error.reason !== 'forbidden') return error;
  if (BELOW_DEVELOPER.has(now.access) || (now.access === 'unknown' && !pushes))
    return told(
      'role',
      "the token's user may not; give it the role Developer in the project or its group",
      'Developer',
    );
  return pushes ? told('protected-branch', `the token's user may not push to it: ${UNPROTECT}`) : error;
}

const BELOW_DEVELOPER: ReadonlySet<AccessLevel> = new Set(['none', 'minimal', 'guest', 'planner', 'reporter']);

function restated(
  error: ForgeError,
  reason: ForgeReason,
  why: string,
  { project, what, branch }: Refused,
  needs?: string,
): ForgeError {
  const at = branch === undefined ? what : `${what} on ${JSON.stringify(branch)}`;
  const said = error.said === undefined ? '' : ` (GitLab: ${excerpt(error.said)})`;
  const { status, requestId } = error;
  return new ForgeError(reason, `${project.path}: ${at} refused: ${why}${said}`, {
    cause: error,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(error.said !== undefined && { said: error.said }),
    ...(needs !== undefined && { needs }),
  });
}

/** One line of at most 200 characters. */
function excerpt(said: string): string {
  const line = said.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
