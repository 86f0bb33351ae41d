import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { SimulatorEnv } from '../api.ts';
import { createWorld } from '../world.ts';
import { conformanceCheck } from './check.ts';

function instance({ on = true, fault }: { readonly on?: boolean; readonly fault?: string } = {}) {
  const world = createWorld({ subpath: '/gitlab' }, '/nowhere');
  const check = conformanceCheck(world, on);
  const app = new Hono<SimulatorEnv>();
  app.use(check.middleware);
  app.use(async (c, next) => {
    if (fault) c.set('fault', fault);
    return next();
  });
  const api = app.basePath('/gitlab/api/v4');
  api.get('/projects/:id/members/all', (c) => c.json([{ id: 1, level: 'high' }]));
  api.get('/projects/:id/members/:user_id', (c) => c.json({ id: 1 }));
  api.get('/unheard-of', (c) => c.json({}));
  return { check, get: (path: string) => app.request(`/gitlab/api/v4${path}`) };
}

describe('the check of answers', () => {
  it('passes what is as described', async () => {
    const { check, get } = instance();
    await get('/projects/1/members/1');
    expect(() => check.assert()).not.toThrow();
  });

  it('tells each kind of deviation once, under the route that answered', async () => {
    const { check, get } = instance();
    await get('/projects/1/members/all');
    await get('/projects/2/members/all?per_page=5&levl=3');
    await get('/unheard-of');
    expect(() => check.assert()).toThrow(
      [
        'get /projects/:/members/all 200: /* must NOT have additional properties: level',
        'get /unheard-of: no such route in the API description or the overlay',
      ].join('\n'),
    );
    expect([...check.unknownParameters]).toEqual(['get /projects/:id/members/all: levl']);
  });

  it('leaves alone what a fault has struck, what is no route, and everything where it is off', async () => {
    for (const { check, get } of [instance({ fault: '502' }), instance({ on: false })]) {
      await get('/projects/1/members/all');
      expect(() => check.assert()).not.toThrow();
    }
    const { check, get } = instance();
    expect((await get('/nowhere')).status).toBe(404);
    expect(() => check.assert()).not.toThrow();
  });
});
