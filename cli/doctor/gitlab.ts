import type { InstanceSettings } from '../../forge/config.ts';
import { ForgeError } from '../../forge/errors.ts';
import type { Inspection } from '../../forge/gitlab/inspect.ts';
import type { TokenStatus } from '../../forge/gitlab/tokens/status.ts';
import type { Check } from './check.ts';

/** What works on one GitLab, what does not, and why. */
export async function gitlabChecks(instance: InstanceSettings, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const { inspectInstance } = await import('../../forge/gitlab/inspect.ts');
  let found: Inspection;
  try {
    found = await inspectInstance(instance, Date.now(), { env });
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return [{ about: instance.url, mark: 'fails', says: error.message, ...mendOf(error) }];
  }
  const { version, enterprise, token, graphql, groups } = found;
  return [
    { about: instance.url, mark: 'ok', says: `GitLab ${version}${editionOf(enterprise)}` },
    ...plainHttp(instance),
    ...tokenChecks('token', token),
    ...groups.flatMap(({ group, token: own }) =>
      own instanceof Error
        ? [{ about: `token of ${group}`, mark: 'fails' as const, says: own.message }]
        : tokenChecks(`token of ${group}`, own),
    ),
    ...capabilityChecks(token),
    accessCheck(found),
    graphql === true
      ? { about: 'GraphQL', mark: 'ok', says: 'takes the token: projects are read in a few requests' }
      : {
          about: 'GraphQL',
          mark: 'warns',
          says: `cannot be used (${graphql}): REST takes more requests`,
          mend: 'a token with the scope api or read_api; job tokens are not taken there',
        },
  ];
}

/** Loopback aside, whoever listens on the way reads the token. */
function plainHttp({ url }: InstanceSettings): readonly Check[] {
  if (!/^http:/i.test(url) || /^http:\/\/(?:localhost|127\.|\[::1\])/i.test(url)) return [];
  return [{ about: url, mark: 'warns', says: 'http:// shows the token to whoever listens', mend: 'use https://' }];
}

function editionOf(enterprise: boolean | undefined): string {
  if (enterprise === undefined) return '';
  return enterprise ? ', Enterprise Edition' : ', Community Edition: one reviewer for each merge request';
}

function mendOf({ reason }: ForgeError): { readonly mend?: string } {
  switch (reason) {
    case 'unauthorized':
      return { mend: 'make a new token (scope api), or name another one in gitlab.instances' };
    case 'redirected':
    case 'not-understood':
      return { mend: 'the address in gitlab.instances must be that of GitLab itself, without a login page before it' };
    case 'unavailable':
    case 'timeout':
      return { mend: 'check address, proxy (HTTPS_PROXY, gitlab.instances[].proxy) and certificates (ca)' };
    default:
      return {};
  }
}

function tokenChecks(about: string, token: TokenStatus): readonly Check[] {
  const { kind, from, user, scopes, expiresAt, warning } = token;
  if (kind === 'none') {
    const says = 'there is none: only what is public can be read';
    return [{ about, mark: 'fails', says, mend: 'set GITLAB_TOKEN, or token in gitlab.instances' }];
  }
  const parts = [
    `from ${from}`,
    kind === 'job' ? 'of a CI job' : undefined,
    user === '' ? undefined : `of ${user}`,
    scopes && `scopes ${scopes.join(', ')}`,
    expiresAt === undefined ? undefined : `until ${expiresAt}`,
  ].filter((part) => part !== undefined);
  const check: Check = { about, mark: 'ok', says: parts.join(', ') };
  return warning === undefined ? [check] : [check, { about, mark: 'warns', says: warning }];
}

/** What each part of the program needs; where GitLab does not tell the scopes nothing can be said. */
const NEEDS: readonly { readonly about: string; readonly scopes: readonly string[] }[] = [
  { about: 'reading projects', scopes: ['api', 'read_api'] },
  { about: 'opening merge requests', scopes: ['api'] },
  { about: 'reading large repositories by git', scopes: ['api', 'read_api', 'read_repository', 'write_repository'] },
];

function capabilityChecks({ kind, scopes }: TokenStatus): readonly Check[] {
  if (kind === 'job')
    return [
      { about: 'reading projects', mark: 'warns', says: 'a job token reads little: no file tree, no GraphQL' },
      { about: 'opening merge requests', mark: 'fails', says: 'a job token cannot', mend: 'set GITLAB_TOKEN' },
    ];
  if (scopes === undefined) return [];
  return NEEDS.map(({ about, scopes: sufficient }) =>
    sufficient.some((scope) => scopes.includes(scope))
      ? { about, mark: 'ok', says: 'the scopes reach' }
      : {
          about,
          mark: 'fails',
          says: `needs the scope ${sufficient.join(' or ')}`,
          mend: `make a token with ${sufficient[0]}`,
        },
  );
}

const WRITERS: ReadonlySet<string> = new Set(['developer', 'maintainer', 'owner']);

function accessCheck({ access }: Inspection): Check {
  const about = 'projects';
  const mend = 'make its user a Developer of the groups whose projects are meant';
  if (access.length === 0)
    return { about, mark: 'fails', says: 'the token is a member of no project that is not archived', mend };
  const few = access.filter((each) => !WRITERS.has(each.access));
  const count = access.length === 100 ? 'of the first 100 projects' : `of the projects seen (${access.length})`;
  if (few.length === 0) return { about, mark: 'ok', says: `Developer or more in all ${count}` };
  const which = few.slice(0, 3).map(({ project, access: level }) => `${project} (${level})`);
  const more = few.length > 3 ? ` and ${few.length - 3} more` : '';
  return { about, mark: 'warns', says: `cannot push in ${few.length} ${count}: ${which.join(', ')}${more}`, mend };
}
