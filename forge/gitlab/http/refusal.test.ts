import { describe, expect, it } from 'vitest';
import { Token } from '../tokens/token.ts';
import { refusalOf } from './refusal.ts';
import { whatWasSaid } from './said.ts';

const bytes = (body: unknown) => new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
const call = { method: 'POST', path: '/projects/42/repository/commits' } as const;
const token = new Token('secret', '$GITLAB_TOKEN', 'access');

function refusal(status: number, body: unknown, headers: Record<string, string> = {}) {
  return refusalOf('PLACE', call, { status, headers: new Headers(headers), bytes: bytes(body) }, token);
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
      'PLACE: 400 A file with this name exists',
    );
    expect(refusal(404, { message: '404 Project Not Found' }).message).toBe('PLACE: 404 Project Not Found');
    expect(refusal(502, '<html>').message).toBe('PLACE: 502');
    expect(refusal(403, { error: 'insufficient_scope', error_description: 'Too little.', scope: 'api' }).message).toBe(
      'PLACE: 403 insufficient_scope: Too little; the token from $GITLAB_TOKEN needs the scope api',
    );
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
