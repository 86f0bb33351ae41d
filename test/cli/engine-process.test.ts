import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { promptOf } from '../../reviewer/panel/testing/panel-place.ts';
import { AFTER, BEFORE, FOUND, headingOf, judge, play } from '../../reviewer/panel/testing/shop.ts';
import { type ModelServer, startModels } from '../models/index.ts';
import { reviewPlace } from './review-gitlab-place.ts';
import { ROOT } from './run-cli.ts';

type Files = Readonly<Record<string, string>>;
const [files, change] = [BEFORE, AFTER].map((files) => files as Files) as [Files, Files];
const place = reviewPlace({ files, change, title: 'Owners of sessions' });

/** What a job may know, and its models must not; each is nowhere else. */
const CANARIES = Object.fromEntries(
  [
    ...['GITLAB_PRIVATE_TOKEN', 'CI_REGISTRY_PASSWORD', 'CI_REPOSITORY_URL', 'CI_DEPLOY_PASSWORD', 'JOB_SECRET'],
    ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'VAULT_TOKEN', 'NPM_TOKEN', 'SSH_AUTH_SOCK'],
    ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'KUBECONFIG', 'DOCKER_AUTH_CONFIG', 'GIT_ASKPASS', 'no_one_knows_it'],
  ].map((name, at) => [name, `canary-${at}-of-the-job`]),
);
/** They may hold what is no secret, and are inherited. */
const KNOWN = { LANG: 'C.UTF-8', TZ: 'UTC' };

let server: ModelServer;
let gate = Promise.withResolvers<void>();
beforeAll(async () => {
  server = await startModels({
    models: { one: {} },
    // That of no other test: by it the process is known.
    keys: { 'key-seen-from-outside': 'org-1' },
    latency: async ({ prompt }) => (prompt.includes(headingOf('security')) ? gate.promise : undefined),
  });
});
afterAll(async () => {
  gate.resolve();
  await server.close();
});

// What a process has open is seen in /proc, which Linux alone has.
describe.runIf(process.platform === 'linux')(
  'the process of the models, seen from outside',
  { timeout: 120_000 },
  () => {
    it('knows no token, has nothing open to write to but its transcript, and stands outside of the checkout', async () => {
      gate = Promise.withResolvers();
      play(server, ['security', 'code-quality', 'performance', 'documentation', 'release']);
      judge(server, {});
      const reviewed = place.review({ ...configured(), ...CANARIES, ...KNOWN });
      const seen = await whileAsked(reviewed);
      gate.resolve();
      const ran = await reviewed;
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('request-changes') });
      expect(await place.standing()).toContain('src/auth/session.ts:4 1');

      expect(seen.environment).toEqual({ GW_KEY: server.key, ...KNOWN });
      const all = [...seen.arguments, ...Object.values(seen.environment), ...seen.open.map(({ what }) => what)].join(
        '\n',
      );
      for (const secret of [...Object.values(CANARIES), place.token]) expect(all).not.toContain(secret);
      expect(seen.arguments.join('\n')).not.toContain(server.key);
      expect(seen.folder).toBe(join(ROOT, 'reviewer/engine'));

      const files = seen.open.filter(({ what }) => what.startsWith('/') && what !== '/dev/null');
      const transcripts = join(place.folder, 'transcripts');
      expect(files).toEqual([
        { what: expect.stringMatching(/agentsmd-review-shop-pay-\d+-1-.*\.jsonl$/), writes: true },
      ]);
      expect(dirname(files[0]!.what)).toBe(transcripts);
      expect(readFileSync(files[0]!.what, 'utf8')).toContain(FOUND.security.title);
      const others = seen.open.filter(({ what }) => !what.startsWith('/'));
      // Its ends of what it is asked and answers by, its connections, and what an event loop is made of.
      for (const { what } of others) expect(what).toMatch(/^(?:pipe|socket|anon_inode):/);
    });
  },
);

function configured(): Record<string, string> {
  const model = { context: 128_000, output: 4096 };
  const models = {
    providers: { gw: { baseUrl: server.url, keyEnv: 'GW_KEY', models: { one: model } } },
    tiers: { top: 'gw/one', standard: 'gw/one', light: 'gw/one' },
    transcript: { dir: 'transcripts' },
  };
  const file = join(place.folder, 'agentsmd.config.yaml');
  writeFileSync(file, stringify({ models, codex: { from: 'starter' } }));
  return { AGENTSMD_CONFIG: file, GW_KEY: server.key };
}

/** Looks at the process once it waits for an answer. */
async function whileAsked(reviewed: Promise<unknown>) {
  let over = false;
  void reviewed.finally(() => {
    over = true;
  });
  while (!server.requests.some((request) => promptOf(request).includes(headingOf('security')))) {
    if (over) throw new Error(`no model was asked: ${JSON.stringify(await reviewed)}`);
    await setTimeout(20);
  }
  const found = engines();
  expect(found).toHaveLength(1);
  return lookedAt(found[0]!);
}

/** By their arguments, and the key that this file's double has alone. */
function engines(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const isEngine = listed(pid, 'cmdline').some((argument) => argument.endsWith('reviewer/engine/child.ts'));
      return isEngine && listed(pid, 'environ').includes(`GW_KEY=${server.key}`);
    } catch {
      return false; // no process, somebody else's, or gone
    }
  });
}

function lookedAt(pid: string) {
  const open = readdirSync(`/proc/${pid}/fd`).map((number) => {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${number}`, 'utf8'))![1]!;
    // open(2): the lowest two bits say how.
    return { what: readlinkSync(`/proc/${pid}/fd/${number}`), writes: (Number.parseInt(flags, 8) & 3) !== 0 };
  });
  return {
    environment: Object.fromEntries(
      listed(pid, 'environ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
    arguments: listed(pid, 'cmdline'),
    folder: readlinkSync(`/proc/${pid}/cwd`),
    open,
  };
}

function listed(pid: string, file: string): readonly string[] {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8')
    .split('\0')
    .filter((part) => part !== '');
}
