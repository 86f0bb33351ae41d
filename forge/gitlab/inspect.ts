import * as z from 'zod';
import type { InstanceSettings } from '../config.ts';
import type { AccessLevel } from '../port.ts';
import { readOne } from './http/gitbeaker.ts';
import { GraphqlError } from './http/graphql.ts';
import { type HttpDeps, openHttp } from './http/open.ts';
import type { Answer, GitlabHttp } from './http/port.ts';
import { projectOf } from './project.ts';
import { restProject, understood } from './schema.ts';
import { type TokenStatus, tokenStatus } from './tokens/status.ts';

/** What an instance is and what our token may do there. */
export interface Inspection {
  /** `18.8.0-ee`. */
  readonly version: string;
  readonly enterprise: boolean | undefined;
  readonly token: TokenStatus;
  /** Whether GraphQL takes the token; a reason where it does not. */
  readonly graphql: true | string;
  /** Our access to the first projects that the token is a member of; at most 100. */
  readonly access: readonly { readonly project: string; readonly access: AccessLevel }[];
  /** Groups with a token of their own. */
  readonly groups: readonly { readonly group: string; readonly token: TokenStatus | Error }[];
}

/**
 * Looks at an instance: five requests, and two for each group with a token of its own.
 * @throws {ForgeError} where it cannot be reached or does not take the token.
 */
export async function inspectInstance(
  settings: InstanceSettings,
  now: number,
  deps: HttpDeps = {},
): Promise<Inspection> {
  const http = openHttp(settings, deps);
  try {
    const token = await tokenStatus(http, now);
    const { version, enterprise } = await versionOf(http);
    return {
      version,
      enterprise,
      token,
      graphql: await graphqlOf(http),
      access: await accessOf(http),
      groups: await Promise.all(
        Object.keys(settings.groups ?? {}).map(async (group) => ({
          group,
          token: await tokenStatus(http, now, group).catch((error: unknown) => error as Error),
        })),
      ),
    };
  } finally {
    await http.close();
  }
}

/** `/metadata` knows the edition, from 15.2 on (doc/api/metadata.md); `/version` is older. */
async function versionOf(http: GitlabHttp): Promise<Pick<Inspection, 'version' | 'enterprise'>> {
  const schema = z.looseObject({ version: z.string(), enterprise: z.boolean().optional() });
  const versionIn = (answer: Answer, path: string) =>
    understood(schema, answer.json(), `${http.instance}: GET ${path}`);
  const { version, enterprise } = await readOne(http, (gitlab) => gitlab.Metadata.show())
    .then((read) => versionIn(read, '/metadata'))
    // Gitbeaker does not know it.
    .catch(async () => versionIn(await http.send({ method: 'GET', path: '/version' }), '/version'));
  return { version, enterprise: enterprise ?? (version.endsWith('-ee') ? true : undefined) };
}

async function graphqlOf(http: GitlabHttp): Promise<true | string> {
  try {
    const schema = z.looseObject({ currentUser: z.looseObject({ username: z.string() }).nullable() });
    const data = await http.graphql('query { currentUser { username } }', {});
    const { currentUser } = understood(schema, data, `${http.instance}: GraphQL`);
    return currentUser ? true : 'it does not know the token';
  } catch (error) {
    return error instanceof GraphqlError || error instanceof Error ? error.message : String(error);
  }
}

async function accessOf(http: GitlabHttp): Promise<Inspection['access']> {
  const options = { membership: true, archived: false, perPage: 100, orderBy: 'id', sort: 'asc' } as const;
  const read = await readOne(http, (gitlab) => gitlab.Projects.all(options));
  return understood(restProject.array(), read.json(), read.where).map((raw) => {
    const { path, access } = projectOf(raw, http.instance);
    return { project: path, access };
  });
}
