import type { ForgeReason } from '../../forge/errors.ts';

/** What to do where repositories fail for that reason. */
export function adviceFor(reason: string): string {
  return isKnown(reason) ? ADVICE[reason] : DEFAULT;
}

function isKnown(reason: string): reason is keyof typeof ADVICE {
  return Object.hasOwn(ADVICE, reason);
}

const DEFAULT = 'the message says more; agentsmd retry once the cause is gone';
const SETTINGS = 'ask a maintainer of the project to allow it, or let the project opt out';
const PASSES = 'it may pass by itself; agentsmd retry takes those up again that were set aside';
const BUG = 'please report it with the message';

/** Of `bury` and `publish`. */
const OURS = ['document', 'crashed', 'configuration', 'error', 'hangs', 'interrupted'] as const;

const ADVICE: Readonly<Record<ForgeReason | (typeof OURS)[number], string>> = {
  'not-found': 'the token does not see it: give its user a role there, or take the project out',
  unauthorized: 'the token is not accepted any more: make a new one; agentsmd doctor looks at it',
  scope: 'the token lacks a scope: api is needed to write; agentsmd doctor names it',
  role: 'the token\u2019s user needs the role Developer there',
  forbidden: 'the token\u2019s user may not do that: look at its role and at the project\u2019s settings',
  archived: 'nothing; the next sweep leaves it out',
  'pending-delete': 'nothing; the next sweep leaves it out',
  empty: 'nothing, until it has a commit',
  'merge-requests-disabled': SETTINGS,
  'repository-disabled': SETTINGS,
  'protected-branch': 'a protection covers our branch: exempt it, or set publish.branch to a name that none covers',
  'push-rule': 'a push rule refuses our commits: adapt publish.branch, publish.titlePrefix or the rule',
  'signed-commits': 'the project wants signed commits: let GitLab sign those of its API, or exempt our user',
  conflict: 'somebody else wrote at the same time; agentsmd retry',
  invalid: `the forge refused what we sent; ${BUG}`,
  redirected: 'the address of the instance leads elsewhere: correct gitlab.instances',
  'rate-limited': 'lower gitlab.requestsPerMinute, or have the limit raised for our user',
  unavailable: PASSES,
  timeout: PASSES,
  'not-understood': `something other than GitLab\u2019s API answers, a proxy perhaps; if not, ${BUG}`,
  unsupported: 'this version or edition of GitLab cannot do it',
  document: 'its AGENTS.md cannot be taken apart: agentsmd check says where',
  crashed: 'each try took the process down: try that repository alone, agentsmd generate, and report what it says',
  configuration: 'correct the configuration as the message says, then agentsmd retry',
  error: `nobody foresaw this: ${BUG}, and agentsmd retry with a newer version`,
  hangs:
    'it takes longer than half an hour each time: try that repository alone, agentsmd generate, and report what it says',
  interrupted: PASSES,
};
