import { describe, expect, it } from 'vitest';
import { Token } from '../tokens/token.ts';
import type { Call } from './port.ts';
import { placeOf, refusalOf } from './refusal.ts';
import { whatWasSaid } from './said.ts';

const bytes = (body: unknown) => new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
const call = { method: 'POST', path: '/projects/42/repository/commits' } as const;
const token = new Token('secret', '$GITLAB_TOKEN', 'access');
const jobToken = new Token('secret', '$CI_JOB_TOKEN', 'job');
const INSTANCE = 'https://gitlab.example.com/sub';
const PLACE = `${INSTANCE}: POST /projects/42/repository/commits`;

function refusal(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  asked: Call = call,
  by: Token | undefined = token,
) {
  return refusalOf(INSTANCE, asked, { status, headers: new Headers(headers), bytes: bytes(body) }, by);
}

describe('whatWasSaid', () => {
  it.each([
    [{ message: '404 Project Not Found' }, '404 Project Not Found'],
    [
      { message: ['Another open merge request already exists', 'and more'] },
      'Another open merge request already exists, and more',
    ],
    [{ message: { base: ['Project has been archived'] } }, 'Project has been archived'],
    [
      { message: { title: ["can't be blank"], source_branch: ['is invalid', 'is odd'] } },
      "title: can't be blank; source_branch: is invalid, is odd",
    ],
    [{ message: { error: { deep: ['x'] } } }, 'error: deep: x'],
    [{ error: 'ref is missing, ref is empty' }, 'ref is missing, ref is empty'],
    [{ error: 'invalid_token', error_description: 'Token is expired.' }, 'invalid_token: Token is expired.'],
    [{ errors: [{ message: 'Invalid token', locations: [] }] }, 'Invalid token'],
    ['Retry later\n', 'Retry later'],
    ['{"message": "cut', '{"message": "cut'],
    ['"text"', 'text'],
    ['null', 'null'],
    ['', ''],
    ['<html><body>502</body></html>', ''],
    ['  <!DOCTYPE HTML>', ''],
    [{ message: 'two\nlines\u202e and\u001b[31m red' }, 'two lines and [31m red'],
  ])('reads %j', (body, said) => {
    expect(whatWasSaid(bytes(body), new Headers())).toBe(said);
  });

  it('is at most 300 characters long', () => {
    expect(whatWasSaid(bytes({ message: 'x'.repeat(5000) }), new Headers())).toHaveLength(300);
  });
});

describe('refusalOf', () => {
  it.each([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [412, 'conflict'],
    [413, 'invalid'],
    [415, 'invalid'],
    [422, 'invalid'],
    [429, 'rate-limited'],
    [302, 'redirected'],
    [500, 'unavailable'],
    [501, 'unsupported'],
    [502, 'unavailable'],
    [504, 'timeout'],
    [520, 'unavailable'],
  ] as const)('%i is %s', (status, reason) => {
    expect(refusal(status, { message: 'no' }, { 'x-request-id': 'r7' })).toMatchObject({
      reason,
      status,
      requestId: 'r7',
    });
  });

  it('says it in one line', () => {
    expect(refusal(400, { message: 'A file\nwith this name exists' }).message).toBe(
      `${PLACE}: 400 A file with this name exists`,
    );
    expect(refusal(502, '<html>').message).toBe(`${PLACE}: 502 Bad Gateway`);
    expect(refusal(599, '').message).toBe(`${PLACE}: 599`);
    expect(refusal(403, { error: 'insufficient_scope', error_description: 'Too little.', scope: 'api' }).message).toBe(
      `${PLACE}: 403 insufficient_scope: Too little; the token from $GITLAB_TOKEN needs the scope api`,
    );
  });

  const READER = "; reading code needs the role Reporter: give it to the token's user in the project or its group";
  const JOB =
    '; let the job of that project in (Settings > CI/CD > Job token permissions of the project asked for), or set GITLAB_TOKEN';
  const MEMBER = "; check the path, and make the token's user a member";
  const TREE = '/projects/42/repository/tree';
  const NO_APP = '403 Forbidden - Authentication by CI/CD job token not allowed from app to app.';

  it.each<[string, Call['method'], string, number, string, Token | undefined, string]>([
    ['a role that may not read code', 'GET', TREE, 403, '403 Forbidden', token, `403 Forbidden${READER}`],
    ['the same without a word', 'HEAD', TREE, 403, '', token, `403 Forbidden${READER}`],
    [
      'a role that may read nothing',
      'GET',
      '/projects/42/merge_requests',
      403,
      '403 Forbidden',
      token,
      "403 Forbidden; give the token's user the role Reporter in the project or its group",
    ],
    [
      'a group',
      'GET',
      '/groups/team/members',
      403,
      '403 Forbidden',
      token,
      "403 Forbidden; make the token's user a member of the group",
    ],
    ['what belongs to no project', 'GET', '/users', 403, '403 Forbidden', token, '403 Forbidden'],
    ['a job token', 'GET', TREE, 403, NO_APP, jobToken, `${NO_APP.slice(0, -1)}${JOB}`],
    ['a job token, without a word', 'GET', TREE, 403, '403 Forbidden', jobToken, `403 Forbidden${JOB}`],
    ['words that say why', 'GET', TREE, 403, '403 Forbidden - blocked', token, '403 Forbidden - blocked'],
    ['a write', 'POST', '/projects/42/merge_requests', 403, '403 Forbidden', token, '403 Forbidden'],
    ['no such project', 'GET', TREE, 404, '404 Project Not Found', token, `404 Project Not Found${MEMBER}`],
    [
      'no such project, and no token',
      'GET',
      TREE,
      404,
      '404 Project Not Found',
      undefined,
      '404 Project Not Found; check the path, and set a token: without one only what is public is there',
    ],
    ['no such group', 'GET', '/groups/x/projects', 404, '404 Group Not Found', token, `404 Group Not Found${MEMBER}`],
    ['what its caller explains', 'GET', '/projects/42', 404, '404 Project Not Found', token, '404 Project Not Found'],
    ['no such file', 'HEAD', '/projects/42/repository/files/a', 404, '', token, '404 Not Found'],
    [
      'no words, 400',
      'HEAD',
      '/projects/42/repository/files/a',
      400,
      '',
      token,
      '400 Bad Request; check the path and the branch or commit that are asked for',
    ],
    [
      'no words, 414',
      'HEAD',
      '/projects/42/repository/files/a',
      414,
      '',
      token,
      '414 URI Too Long; the path is too long for GitLab or a proxy before it: shorten it, or raise the limit there',
    ],
  ])('says what to do about %s', (_, method, path, status, message, by, says) => {
    const error = refusalOf(
      INSTANCE,
      { method, path, about: 'team/app' },
      { status, headers: new Headers(), bytes: bytes(message === '' ? '' : { message }) },
      by,
    );
    expect(error.message).toBe(`${INSTANCE}: team/app: ${method} ${path}: ${says}`);
    expect(error.said).toBe(message || String(status));
  });

  it('takes the page of a proxy for a path that is too long as that', () => {
    const error = refusal(414, '<html>', { 'content-type': 'text/html' }, { method: 'HEAD', path: TREE });
    expect(error).toMatchObject({
      reason: 'not-understood',
      message: expect.stringContaining('; the path is too long'),
    });
  });

  it.each([
    [
      'https://gitlab.example.com/sub/api/v4/projects/43/repository/commits?a=b',
      '/sub/api/v4/projects/43/repository/commits; the project has moved: use its id or its new path',
    ],
    [
      'https://gitlab.example.com/users/sign_in',
      '/users/sign_in; gitlab.instances must name the address of GitLab itself',
    ],
    [
      'https://gitlab.example.community/x',
      'https://gitlab.example.community/x; gitlab.instances must name the address of GitLab itself',
    ],
    ['', 'nowhere; gitlab.instances must name the address of GitLab itself'],
  ])('names once where a redirect goes: %s', (location, says) => {
    const message = `This resource has been moved permanently to ${location}`;
    expect(refusal(301, { message }, { location }).message).toBe(`${PLACE}: 301 points to ${says}`);
  });

  it.each([
    [{ error: 'insufficient_scope', error_description: 'too little', scope: 'api read_api' }, {}, 'api or read_api'],
    ['', { 'www-authenticate': 'Bearer realm="The API", error="insufficient_scope", scope="api"' }, 'api'],
    [{ error: 'insufficient_scope' }, {}, 'api'],
    [
      {
        error: 'insufficient_granular_scope',
        error_description: 'The token needs [Project: Read, Code: Read] for this.',
      },
      {},
      'Project: Read, Code: Read',
    ],
  ])('names the scope that is missing: %j %j', (body, headers, needs) => {
    const error = refusal(403, body, headers);
    expect(error).toMatchObject({ reason: 'scope', needs, exitCode: 2 });
    expect(error.message).toContain(`the token from $GITLAB_TOKEN needs the scope ${needs}`);
  });

  it('takes a web page for what it is', () => {
    for (const status of [400, 403, 404]) {
      expect(refusal(status, '<html>Blocked</html>', { 'content-type': 'text/html' })).toMatchObject({
        reason: 'not-understood',
        status,
      });
    }
    expect(refusal(503, '<html>Blocked</html>')).toMatchObject({ reason: 'unavailable' });
  });
});

describe('placeOf', () => {
  it.each<[string, string | undefined, string]>([
    ['/projects/42/repository/tree', 'team/app', 'team/app: GET /projects/42/repository/tree'],
    ['/api/graphql', 'team/app', 'team/app: GET /api/graphql'],
    ['/projects/team%2Fapp', 'team/app', 'GET /projects/team%2Fapp'],
    ['/groups/team/projects', 'team', 'GET /groups/team/projects'],
    ['/projects/42', undefined, 'GET /projects/42'],
    ['/projects/42', '4', '4: GET /projects/42'],
  ])('of %s about %s names the instance and the project once', (path, about, says) => {
    expect(placeOf(INSTANCE, { method: 'GET', path, ...(about && { about }) })).toBe(`${INSTANCE}: ${says}`);
  });
});
