import { ForgeError, type ForgeReason } from '../../errors.ts';
import type { AccessLevel, Project } from '../../port.ts';

/** What was refused. */
export interface Refused {
  readonly project: Pick<Project, 'path' | 'instance'>;
  readonly what: 'commit' | 'merge request' | 'comment' | 'branch' | 'approval' | 'request for changes';
  readonly branch?: string;
}

/**
 * The refusal of a write with the reason that its words or the project's state tell, and what to do about it. Words come
 * first: they name the rule. What GitLab refuses without a word is looked up; an error that says enough stays as it is, and
 * one that tells nothing we know gets the project's path and a general remedy.
 *
 * @param look shows the project as it is now; asked at most once.
 */
export async function explain(error: unknown, refused: Refused, look: () => Promise<Project>): Promise<unknown> {
  if (!(error instanceof ForgeError) || !VAGUE.has(error.reason)) return error;
  const said = error.said ?? error.message;
  const isOf = ({ words, reason }: Rule) => words.test(said) && (reason !== 'invalid' || error.reason === 'invalid');
  const rule = RULES.find(isOf);
  if (rule) return restated(error, rule.reason, `${rule.because}; ${rule.remedy}`, refused);
  const unknown = () => restated(error, error.reason, UNKNOWN[error.reason] ?? UNKNOWN_WORDS, refused);
  if (error.reason !== 'forbidden' && error.reason !== 'not-found') return unknown();
  let now: Project;
  try {
    now = await look();
  } catch (why) {
    return why instanceof ForgeError && why.reason === 'not-found'
      ? restated(error, 'not-found', 'the project is gone, or out of reach of this token; nothing to do here', refused)
      : unknown();
  }
  return fromProject(error, now, refused) ?? unknown();
}

/** Reasons that HTTP's status alone gives. */
const VAGUE: ReadonlySet<ForgeReason> = new Set(['forbidden', 'invalid', 'conflict', 'not-found']);

const UNKNOWN_WORDS = 'GitLab does not take it so; change what it names, or leave the project out';

const UNKNOWN: { readonly [reason in ForgeReason]?: string } = {
  forbidden: "the token's user may not; ask a maintainer which rule of the project or its group stands against it",
  conflict: 'it is no longer what we saw; it is looked at anew with the next run',
  'not-found': "it is gone, or hidden from the token's user; it is looked at anew with the next run",
};

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
 * lib/gitlab/checks/branch_check.rb, app/services/commits/create_service.rb, Gitaly's index errors, doc/administration/maintenance_mode,
 * app/models/merge_request.rb.
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
  {
    words: /\btitle\b.*too long/i,
    reason: 'invalid',
    because: 'its title is too long',
    remedy: 'shorten what stands before it (publish.titlePrefix)',
  },
  {
    words: /source.?branch\b.*(?:does not exist|is invalid|not found)/i,
    reason: 'invalid',
    because: 'its branch is gone',
    remedy: 'run it again: the branch is made anew',
  },
  {
    words: /target.?branch\b.*(?:does not exist|is invalid|not found)/i,
    reason: 'invalid',
    because: 'the branch that it is to be merged into is gone',
    remedy: 'run it again: the default branch is asked for anew',
  },
  {
    words: /default branch|same project\/branch|branch name is invalid/i,
    reason: 'invalid',
    because: 'our branch cannot have this name, or that of the default branch',
    remedy: 'configure another one (publish.branch)',
  },
];

/** `undefined`: the project's state tells nothing. */
function fromProject(error: ForgeError, now: Project, refused: Refused): ForgeError | undefined {
  const pushes = refused.what === 'commit' || refused.what === 'branch';
  const told = (reason: ForgeReason, why: string, needs?: string) => restated(error, reason, why, refused, needs);
  if (now.pendingDelete) return told('pending-delete', 'the project is about to be deleted; nothing to do here');
  if (now.archived) return told('archived', 'the project is archived; unarchive it, or leave it out');
  if (!now.repositoryEnabled)
    return told(
      'repository-disabled',
      'its repository is switched off; switch it on (Settings > General > Visibility), or leave the project out',
    );
  if (!now.mergeRequestsEnabled && !pushes)
    return told(
      'merge-requests-disabled',
      'it takes no merge requests; switch them on in its settings (Settings > General > Visibility), or leave the project out by a topic of publish.optOutTopics',
    );
  if (error.reason !== 'forbidden') return undefined;
  if (BELOW_DEVELOPER.has(now.access) || (now.access === 'unknown' && !pushes))
    return told(
      'role',
      "the token's user may not; give it the role Developer in the project or its group",
      'Developer',
    );
  return pushes ? told('protected-branch', `the token's user may not push to it: ${UNPROTECT}`) : undefined;
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
  const said = error.said === undefined ? '' : `GitLab: ${excerpt(error.said)}; `;
  const { status, requestId } = error;
  return new ForgeError(reason, `${project.path}: ${at} refused: ${why} (${said}at ${project.instance})`, {
    cause: error,
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
    ...(error.said !== undefined && { said: error.said }),
    ...(needs !== undefined && { needs }),
  });
}

/** One line of at most 200 characters, without the name that GitLab puts before its own words. */
function excerpt(said: string): string {
  const line = said
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(\d{3} )?GitLab: /, '$1');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
