import { afterEach, describe, expect, it } from 'vitest';
import { found, openPublishPlace, type PublishPlace } from './testing/gitlab-place.ts';

const opened: PublishPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.gitlab.close();
});

async function open(...options: Parameters<typeof openPublishPlace>): Promise<PublishPlace> {
  const place = await openPublishPlace(...options);
  opened.push(place);
  return place;
}

const CRITICAL = { severity: 'critical', title: 'It breaks', quote: 'changed 3', line: 3, endLine: 3 } as const;
const WARNING = { severity: 'warning', title: 'It is slow', quote: 'added 6', line: 6, endLine: 6 } as const;

describe('a review on a merge request', { timeout: 120_000 }, () => {
  it('is told, and what is fixed is answered, resolved and approved', async () => {
    const place = await open();
    const against = await place.run({ findings: found(CRITICAL, WARNING) });
    expect(against).toMatchObject({ said: 2, resolved: 0, effect: { kind: 'request-changes' }, problem: '' });
    expect(await place.approvers()).toEqual([]);
    expect(await place.summaries()).toMatchObject([expect.stringMatching(/^## Significant concerns\n/)]);
    await place.push({ 'app.ts': 'other\n' });
    const clean = await place.run();
    expect(clean).toMatchObject({ said: 2, resolved: 2, effect: { kind: 'approve' } });
    expect(await place.approvers()).toEqual(['bot']);
    expect(await place.summaries()).toMatchObject([expect.stringMatching(/^## Approved\n/)]);
    expect((await place.threads()).filter(({ notes }) => notes[0]!.resolvable && !notes[0]!.resolved)).toEqual([]);
    expect(place.gitlab.effects.filter(({ what }) => what !== '/request_changes')).toEqual([]);
  });
});
