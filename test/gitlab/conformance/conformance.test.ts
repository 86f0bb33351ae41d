import { describe, expect, it } from 'vitest';
import description from '../data/openapi.json' with { type: 'json' };
import { conformance } from './index.ts';
import { ANSWERS, GENERAL, PARAMETERS } from './overlay.ts';
import { PROPERTIES } from './overlay-entities.ts';

const { conforms, unknownParameters } = conformance();
const MR = '/projects/:id/merge_requests/:iid';

describe('an answer', () => {
  it('of the described form conforms', () => {
    const branch = { name: 'main', commit: { id: 'a', parent_ids: [] }, merged: false, protected: null };
    expect(conforms('/projects/:id/repository/branches/:branch', 'GET', 200, branch)).toEqual([]);
    expect(conforms('/projects/:id/repository/tree', 'GET', 200, [{ id: 'a', name: 'b', type: 'blob' }])).toEqual([]);
  });

  it.each([
    ['a route that nobody described', '/nothing', 'GET', 200, {}, /no such route/],
    ['a status of another route', MR, 'GET', 201, {}, /known are 200/],
    ['a status that GitLab does not answer', MR, 'GET', 418, {}, /not a status/],
    [
      'a property that the entity does not have',
      MR,
      'GET',
      200,
      { iid: 1, colour: 'red' },
      /additional properties: colour/,
    ],
    ['a wrong type', MR, 'GET', 200, { iid: '1' }, /\/iid must be integer,null/],
    ['a wrong type further in', MR, 'GET', 200, { author: { id: 'x' } }, /\/author\/id must be integer,null/],
    ['an object for a list', `${MR}/commits`, 'GET', 200, {}, /must be array/],
    ['a time that is none', MR, 'GET', 200, { created_at: 'yesterday' }, /date-time/],
    ['a refusal without a word', MR, 'GET', 404, {}, /message/],
  ])('with %s does not', (_, route, method, status, body, said) => {
    expect(conforms(route, method, status, body).join('\n')).toMatch(said);
  });
});

describe('a request', () => {
  it.each([
    ['GET', '/projects/:id/merge_requests', ['state', 'labels', 'not[labels]', 'iids[]'], undefined, []],
    ['GET', '/projects/:id/merge_requests', ['stat'], undefined, ['stat']],
    ['POST', '/projects/:id/merge_requests', [], { title: 'x', reviewer_ids: [1], reviewers: [] }, ['reviewers']],
    ['GET', '/projects', ['pagination', 'order_by', 'first'], undefined, ['first']],
    ['POST', '/projects/:id/repository/commits', [], { actions: [] }, []],
  ])('%s %s with %j %j: unknown are its %5$j', (method, route, query, body, unknown) => {
    expect(unknownParameters(route, method, query, body)).toEqual(unknown);
  });
});

it('every schema can be compiled', () => {
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const status of Object.keys(responses)) conforms(path, method, Number(status), []);
    }
  }
});

it('each deviation from the description has its reason', () => {
  const reasons = [...GENERAL, ...PROPERTIES, ...ANSWERS, ...PARAMETERS].map(({ why }) => why);
  expect(reasons.filter((why) => why.length < 5)).toEqual([]);
});
