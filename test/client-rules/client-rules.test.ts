import { afterAll, describe, expect, it } from 'vitest';
import type { GitlabSimulator, SimulatorOptions } from '../gitlab/port.ts';
import { RULES, type RuleId } from '../gitlab/rules.ts';
import { startGitlab } from '../gitlab/start.ts';
import { ACCESS } from './access.ts';
import { COMMITS } from './commits.ts';
import { GRAPHQL } from './graphql.ts';
import { MERGE_REQUESTS } from './merge-requests.ts';
import { openPlace } from './place.ts';
import { REPOSITORY } from './repository.ts';
import { REVIEWS } from './reviews.ts';
import type { Scenario } from './scenario.ts';
import { UNNOTICED } from './unnoticed.ts';

/**
 * The simulator's rules are worth what our client makes of them. Each has a scenario in which the client meets it; with the
 * rule switched off the same scenario fails. So a rule that goes, or a client that stops minding it, turns this red.
 */
const ROOMS = { ACCESS, REPOSITORY, COMMITS, MERGE_REQUESTS, GRAPHQL, REVIEWS };
const SCENARIOS = Object.values(ROOMS).flatMap((room) => Object.entries(room) as [RuleId, Scenario][]);

/** Where a rule counts: all others in a paid edition, which alone has push rules. */
const INSTANCES: Readonly<Partial<Record<RuleId, SimulatorOptions>>> = {
  'one-reviewer-ce': { edition: 'ce' },
  'one-assignee-ce': { edition: 'ce' },
  'graphql-blobs-18-4': { version: '18.4.2' },
  'state-of-reviewers': { version: '18.10.0' },
  'graphql-mutation-api': { version: '18.10.0' },
};
const instanceOf = (id: RuleId): SimulatorOptions => ({ edition: 'premium', conformance: false, ...INSTANCES[id] });

const shared = new Map<string, Promise<GitlabSimulator>>();
afterAll(async () => {
  for (const gitlab of shared.values()) await (await gitlab).close();
});

/** With every rule in force; one for all scenarios of the same kind. */
function intact(id: RuleId): Promise<GitlabSimulator> {
  const options = instanceOf(id);
  const key = JSON.stringify(options);
  const gitlab = shared.get(key) ?? startGitlab(options);
  shared.set(key, gitlab);
  return gitlab;
}

async function play(scenario: Scenario, gitlab: GitlabSimulator, name: string): Promise<void> {
  const place = openPlace(gitlab, name);
  try {
    await scenario(place);
  } finally {
    await place.close();
  }
}

describe('our client', () => {
  it.each(SCENARIOS)('minds %s', async (id, scenario) => {
    await play(scenario, await intact(id), id);
  });

  it.each(SCENARIOS)('is another without %s', async (id, scenario) => {
    const gitlab = await startGitlab({ ...instanceOf(id), broken: [id] });
    try {
      const failure = await play(scenario, gitlab, id).then(
        () => undefined,
        (error: Error) => error,
      );
      // What was expected of the client did not come true; nothing else broke on the way there.
      expect(failure?.name, failure?.stack ?? 'the scenario does not depend on the rule').toBe('AssertionError');
    } finally {
      await gitlab.close();
    }
  });
});

describe('the rules of the simulator', () => {
  it('each have one scenario, or a reason why our client cannot notice', () => {
    const told = [...SCENARIOS.map(([id]) => id), ...Object.keys(UNNOTICED)];
    expect(told.toSorted()).toEqual(RULES.map(({ id }) => id as string).toSorted());
  });

  it('go unnoticed in few cases', () => {
    const reasons = Object.values(UNNOTICED);
    expect(reasons.length / RULES.length).toBeLessThan(0.2);
    for (const reason of reasons) expect(reason).toMatch(/\w+ \w+ \w+/);
  });

  it('name a file of GitLab, or a part of the reference', () => {
    for (const { id, source } of RULES)
      expect(source, id).toMatch(/[\w-]+\/[\w-]+\.(?:md|rb|json)\b|\b[\w-]+\.md \d|^lib\/api\/helpers: /);
  });
});
