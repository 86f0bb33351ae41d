import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

/**
 * Cuts `../data/openapi.json` out of GitLab's API description: the routes that the simulator has, without prose.
 * `node test/gitlab/conformance/cut.ts gitlab-openapi3.curator.yaml && biome check --write test/gitlab/data/openapi.json`
 */

/** Method and path below /api/v4, as the description writes it. */
const ROUTES = [
  'get /metadata',
  'get /version',
  'get /user',
  'get /personal_access_tokens/self',
  'get /merge_requests',
  'get /groups',
  'get /groups/{id}',
  'get /groups/{id}/projects',
  'get /groups/{id}/subgroups',
  'get /groups/{id}/members',
  'get /groups/{id}/members/all',
  'get /groups/{id}/merge_requests',
  'get /projects',
  'get /projects/{id}',
  'get /projects/{id}/languages',
  'get /projects/{id}/members',
  'get /projects/{id}/members/all',
  'get /projects/{id}/members/{user_id}',
  'get /projects/{id}/members/all/{user_id}',
  'get /projects/{id}/protected_branches',
  'get /projects/{id}/protected_branches/{name}',
  'get /projects/{id}/repository/tree',
  'get /projects/{id}/repository/blobs/{sha}',
  'get /projects/{id}/repository/blobs/{sha}/raw',
  'get /projects/{id}/repository/compare',
  'get /projects/{id}/repository/merge_base',
  'head /projects/{id}/repository/files/{file_path}',
  'get /projects/{id}/repository/files/{file_path}',
  'get /projects/{id}/repository/files/{file_path}/raw',
  'post /projects/{id}/repository/files/{file_path}',
  'put /projects/{id}/repository/files/{file_path}',
  'delete /projects/{id}/repository/files/{file_path}',
  'get /projects/{id}/repository/branches',
  'post /projects/{id}/repository/branches',
  'get /projects/{id}/repository/branches/{branch}',
  'head /projects/{id}/repository/branches/{branch}',
  'delete /projects/{id}/repository/branches/{branch}',
  'get /projects/{id}/repository/commits',
  'post /projects/{id}/repository/commits',
  'get /projects/{id}/repository/commits/{sha}',
  'get /projects/{id}/repository/commits/{sha}/diff',
  'get /projects/{id}/repository/commits/{sha}/refs',
  'get /projects/{id}/repository/commits/{sha}/merge_requests',
  'get /projects/{id}/merge_requests',
  'post /projects/{id}/merge_requests',
  'get /projects/{id}/merge_requests/{merge_request_iid}',
  'put /projects/{id}/merge_requests/{merge_request_iid}',
  'put /projects/{id}/merge_requests/{merge_request_iid}/merge',
  'get /projects/{id}/merge_requests/{merge_request_iid}/commits',
  'get /projects/{id}/merge_requests/{merge_request_iid}/changes',
  'get /projects/{id}/merge_requests/{merge_request_iid}/diffs',
  'get /projects/{id}/merge_requests/{merge_request_iid}/raw_diffs',
  'get /projects/{id}/merge_requests/{merge_request_iid}/participants',
  'get /projects/{id}/merge_requests/{merge_request_iid}/approvals',
  'get /projects/{id}/merge_requests/{merge_request_iid}/closes_issues',
  'get /projects/{id}/merge_requests/{merge_request_iid}/reviewers',
  'get /projects/{id}/merge_requests/{merge_request_iid}/versions',
  'get /projects/{id}/merge_requests/{merge_request_iid}/versions/{version_id}',
  'post /projects/{id}/merge_requests/{merge_request_iid}/approve',
  'post /projects/{id}/merge_requests/{merge_request_iid}/unapprove',
  'put /projects/{id}/merge_requests/{merge_request_iid}/reset_approvals',
  'get /projects/{id}/merge_requests/{merge_request_iid}/draft_notes',
  'post /projects/{id}/merge_requests/{merge_request_iid}/draft_notes',
  'get /projects/{id}/merge_requests/{merge_request_iid}/draft_notes/{draft_note_id}',
  'put /projects/{id}/merge_requests/{merge_request_iid}/draft_notes/{draft_note_id}',
  'delete /projects/{id}/merge_requests/{merge_request_iid}/draft_notes/{draft_note_id}',
  'put /projects/{id}/merge_requests/{merge_request_iid}/draft_notes/{draft_note_id}/publish',
  'post /projects/{id}/merge_requests/{merge_request_iid}/draft_notes/bulk_publish',
  'get /projects/{id}/merge_requests/{merge_request_iid}/notes/{note_id}/award_emoji',
  'post /projects/{id}/merge_requests/{merge_request_iid}/notes/{note_id}/award_emoji',
  'get /projects/{id}/merge_requests/{merge_request_iid}/notes/{note_id}/award_emoji/{award_id}',
  'delete /projects/{id}/merge_requests/{merge_request_iid}/notes/{note_id}/award_emoji/{award_id}',
  'put /suggestions/{id}/apply',
];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Obj = { [key: string]: Json };

const LEFT_OUT = new Set(['description', 'summary', 'example', 'examples', 'title', 'tags', 'operationId', 'default']);

const source = process.argv[2];
if (source === undefined) throw new Error('name the YAML file that the description is cut from');
const whole = parse(readFileSync(source, 'utf8')) as {
  paths: Record<string, Record<string, Obj>>;
  components: { schemas: Obj };
};

const paths: Record<string, Record<string, Json>> = {};
for (const route of ROUTES) {
  const [method, path] = route.split(' ') as [string, string];
  const operation = whole.paths[`/api/v4${path}`]?.[method];
  if (operation === undefined) throw new Error(`${source} has no ${route}`);
  const { parameters, requestBody, responses } = bare(operation) as {
    parameters?: Obj[];
    requestBody?: Obj;
    responses: Obj;
  };
  paths[path] = {
    ...paths[path],
    [method]: {
      parameters: (parameters ?? []).filter((parameter) => parameter.in === 'query'),
      ...(requestBody && { requestBody }),
      responses: Object.fromEntries(Object.entries(responses).filter(([code]) => code.startsWith('2'))),
    },
  };
}
const schemas: Obj = {};
reach(paths as Json);
const info = { title: 'GitLab API, the routes of the simulator', version: 'v4' };
const out = {
  openapi: '3.0.0',
  info,
  paths,
  components: { schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) },
};
writeFileSync(new URL('../data/openapi.json', import.meta.url), `${JSON.stringify(out, null, 2)}\n`);

/** Without prose. A string without description and example is what the exporter writes for "not documented": it loses its type. */
function bare(value: Json, names = false): Json {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (value === null || typeof value !== 'object') return value;
  if (!names && value.type === 'string' && Object.keys(value).length === 1) return { 'x-undocumented': true };
  const kept = Object.entries(value).filter(([key, item]) => names || (!LEFT_OUT.has(key) && item !== 'int32'));
  return Object.fromEntries(kept.map(([key, item]) => [key, bare(item, key === 'properties' || key === 'responses')]));
}

/** Takes along every schema that is referred to. */
function reach(value: Json): void {
  if (Array.isArray(value)) {
    for (const item of value) reach(item);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const item of Object.values(value)) reach(item);
  const name = typeof value.$ref === 'string' ? value.$ref.replace('#/components/schemas/', '') : undefined;
  if (name === undefined || name in schemas) return;
  const schema = whole.components.schemas[name];
  if (schema === undefined) throw new Error(`no schema ${name}`);
  schemas[name] = bare(schema);
  reach(schemas[name]);
}
