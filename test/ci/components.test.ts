import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { environmentOverrides } from '../../cli/config/environment.ts';
import { mergeRequestJob } from '../../cli/merge-request-job.ts';
import { version } from '../../cli/version.ts';
import { type Component, component, parseComponent, problemsOf, rendered, type Value } from './component.ts';
import { type Answer, gitlabCiLocal } from './gitlab-ci-local.ts';

const TEMPLATES = join(import.meta.dirname, '../../templates');
const NAMES = readdirSync(TEMPLATES);
const fileOf = (name: string): string => readFileSync(join(TEMPLATES, name, 'template.yml'), 'utf8');

interface Job {
  readonly extends: string | readonly string[];
  readonly rules: readonly { readonly if?: string }[];
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly [key: string]: unknown;
}
const jobsOf = (pipeline: unknown): [string, Job][] =>
  Object.entries(pipeline as Record<string, Job>).filter(([name]) => !name.startsWith('.'));

/** Other than the default, for every input without options. */
const OTHER: Readonly<Record<string, Value>> = {
  ...{
    version: `1.2.3@sha256:${'0f'.repeat(32)}`,
    image: '${REGISTRY}/a/b',
    stage: 'review',
    'job-name': 'their.review',
  },
  ...{
    config: '$ORG_CONFIG',
    'vault-audience': 'https://vault.example.com',
    'vault-path': 'a/b',
    'vault-field': 'key',
  },
  ...{ 'vault-engine': 'secret', transcripts: true, args: '--codex /etc/codex', tags: ['docker', 'small'] },
  ...{ scope: 'shop platform/core', minutes: 110 },
};

/** One set for each place in the lists of options, so that every option is in one of them. */
function variants({ inputs }: Component): readonly Readonly<Record<string, Value>>[] {
  const most = Math.max(...Object.values(inputs).map(({ options = [] }) => options.length));
  return Array.from({ length: most }, (_, at) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { options }]) => [
        name,
        options ? options[at % options.length]! : (OTHER[name] ?? ''),
      ]),
    ),
  );
}

describe.each(NAMES)('templates/%s/template.yml', { timeout: 120_000 }, (name) => {
  const known = component(name);

  it('declares what it uses, uses what it declares, and one line includes it', () => {
    expect(problemsOf(known)).toEqual([]);
    expect(Object.keys(OTHER).length).toBeGreaterThan(0);
    for (const [input, { options, default: value }] of Object.entries(known.inputs))
      expect(options !== undefined || (input in OTHER && OTHER[input] !== value), input).toBe(true);
  });

  it('is of the version that the package is', () => {
    expect(known.inputs.version?.default).toBe(version());
  });

  it('has one job, that takes nothing from the pipeline around it', () => {
    const [[job, keys], ...more] = jobsOf(rendered(known)) as [[string, Job], ...[string, Job][]];
    expect([job, more]).toEqual([`agentsmd-${name}`, []]);
    expect(keys).toMatchObject({ inherit: { default: false, variables: false }, needs: [], interruptible: false });
    expect(keys.resource_group).toEqual(expect.stringContaining(`agentsmd-${name}`));
    expect(Object.keys(keys)).not.toContain('before_script');
  });

  it('extends only what is there, whatever is chosen', () => {
    for (const given of [{}, ...variants(known)]) {
      const pipeline = rendered(known, given) as Record<string, Job>;
      for (const [, job] of jobsOf(pipeline))
        for (const base of [job.extends].flat()) expect(Object.keys(pipeline)).toContain(base);
    }
  });

  it('sets only variables that mean something to agentsmd', () => {
    for (const [, { variables }] of jobsOf(rendered(known))) {
      const FOLDERS_AND_FILES = ['AGENTSMD_CONFIG', 'AGENTSMD_STATE_DIR', 'AGENTSMD_CACHE_DIR'];
      const settings = Object.keys(variables).filter(
        (key) => /^AGENTSMD_/.test(key) && !FOLDERS_AND_FILES.includes(key),
      );
      for (const key of settings) expect(environmentOverrides({ [key]: '1' }), key).toHaveLength(1);
    }
  });

  it('never holds a token in a plain variable', () => {
    for (const given of [{}, ...variants(known)]) {
      const text = stringify(rendered(known, given));
      expect(text).not.toMatch(/^ *(?:GITLAB_TOKEN|GITLAB_PRIVATE_TOKEN): \S/m);
      for (const [, { variables }] of jobsOf(rendered(known, given)))
        expect(variables).not.toHaveProperty('GITLAB_TOKEN');
    }
  });

  it('passes the schema of GitLab, and is put together by another program as we do it', async () => {
    const path = `templates/${name}/template.yml`;
    const include = (inputs: object) => ({
      '.gitlab-ci.yml': stringify({ include: [{ local: path, inputs }], stages: ['test', 'review'] }),
      [path]: fileOf(name),
    });
    for (const given of [{ tags: ['docker'] }, ...variants(known)]) {
      const theirs = await gitlabCiLocal(include(given), ['--preview']);
      expect(problemsIn(theirs)).toBe('');
      const own = { ...(rendered(known, given) as object), stages: ['test', 'review'] };
      const ours = await gitlabCiLocal({ '.gitlab-ci.yml': stringify(own) }, ['--preview']);
      expect(parse(theirs.stdout)).toEqual(parse(ours.stdout));
    }
  });

  it('differs by nothing else where no tags are given: the schema wants one, and GitLab takes none', async () => {
    const own = rendered(known) as Record<string, Job>;
    const { stderr, ok } = await gitlabCiLocal({ '.gitlab-ci.yml': stringify(own) }, ['--preview']);
    expect(ok).toBe(false);
    expect(stderr.match(/• .*/g)?.filter((line) => line.includes(' at '))).toEqual([
      expect.stringContaining('#/definitions/tags/minItems'),
    ]);
  });

  it.each([
    ['a value that is none', (job: Job) => ({ ...job, retry: { max: 2, when: ['bad_weather'] } })],
    ['a key that there is not', (job: Job) => ({ ...job, sript: ['true'] })],
    ['a list for a word', (job: Job) => ({ ...job, resource_group: ['a'] })],
  ])('would not pass the schema with %s', async (_, broken) => {
    const pipeline = rendered(known, { tags: ['docker'] }) as Record<string, Job>;
    const [[job, keys]] = jobsOf(pipeline) as [[string, Job]];
    const { ok } = await gitlabCiLocal({ '.gitlab-ci.yml': stringify({ ...pipeline, [job]: broken(keys) }) }, [
      '--preview',
    ]);
    expect(ok).toBe(false);
  });

  it.each([
    ['version', 'latest; curl evil'],
    ['image', 'a b'],
    ['job-name', '.hidden'],
    ['args', '--base main; env'],
    ['args', '$(env)'],
    ['vault-path', 'a b'],
    ['token-from', 'clipboard'],
    ['tags', 'docker'],
    ['no-such-input', 'x'],
  ])('refuses %s: %s', (input, value) => {
    expect(() => rendered(known, { [input]: value })).toThrow(input);
  });
});

function problemsIn({ ok, stderr }: Answer): string {
  return ok ? '' : stderr;
}

describe('when a merge request is reviewed', { timeout: 120_000 }, () => {
  const review = component('review');
  const listed = async (given: Readonly<Record<string, Value>>, variables: Readonly<Record<string, string>>) => {
    const pipeline = stringify(rendered(review, { tags: ['docker'], ...given }));
    const { stdout, stderr } = await gitlabCiLocal({ '.gitlab-ci.yml': pipeline }, ['--list-json'], variables);
    const [{ when, allow_failure: allowed }] = JSON.parse(stdout || stderr) as [Record<string, unknown>];
    return when === 'never' ? { when } : { when, allowed };
  };
  const MR = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_TITLE: 'Pay' };
  const DRAFT = { ...MR, CI_MERGE_REQUEST_TITLE: 'Draft: Pay' };

  it.each([
    ['in its pipeline', {}, MR, { when: 'on_success', allowed: false }],
    ['in no other', {}, { CI_PIPELINE_SOURCE: 'push' }, { when: 'never' }],
    ['as a draft by hand, and until then nothing is merged', {}, DRAFT, { when: 'manual', allowed: false }],
    ['as a draft that GitLab tells', {}, { ...MR, CI_MERGE_REQUEST_DRAFT: 'true' }, { when: 'manual', allowed: false }],
    ['as a draft where that is wanted', { drafts: 'review' }, DRAFT, { when: 'on_success', allowed: false }],
    ['as a draft, by hand, holding nothing up', { mode: 'advisory' }, DRAFT, { when: 'manual', allowed: true }],
    ['or passes marked', { 'on-failure': 'warn' }, MR, { when: 'on_success', allowed: { exit_codes: [3] } }],
  ])('%s', async (_, given, variables, expected) => {
    expect(await listed(given, variables)).toEqual(expected);
  });

  it('takes for a draft what agentsmd does', () => {
    const [[, { rules }]] = jobsOf(rendered(review)) as [[string, Job]];
    const [, pattern, flags] = /!~ \/(.*)\/(\w*)$/.exec(rules.find((rule) => rule.if?.includes('TITLE'))!.if!)!;
    const isDraft = new RegExp(pattern!, flags);
    const base = {
      ...{
        GITLAB_CI: 'true',
        CI_MERGE_REQUEST_IID: '1',
        CI_MERGE_REQUEST_PROJECT_ID: '1',
        CI_SERVER_URL: 'https://x',
        CI_COMMIT_SHA: '1',
      },
      ...{ CI_MERGE_REQUEST_PROJECT_PATH: 'a/b', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 's' },
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    };
    for (const title of [
      'Draft: a',
      ' draft:a',
      '[DRAFT] a',
      '(Draft) a',
      'Drafts',
      'a Draft: b',
      'WIP: a',
      'draft',
      '',
    ])
      expect([title, isDraft.test(title)]).toEqual([
        title,
        mergeRequestJob({ ...base, CI_MERGE_REQUEST_TITLE: title })!.draft,
      ]);
  });
});

describe('the check of a component', () => {
  const text = (inputs: string, body: string) => `spec:\n  inputs:\n${inputs}---\n${body}`;
  it.each([
    ['an input that nobody uses', '    a: { description: x, default: b }\n', 'job: {}\n', 'a is declared and not used'],
    [
      'one that is not declared',
      '    a: { description: x, default: b }\n',
      'j: $[[ inputs.a ]] $[[ inputs.c ]]\n',
      'c is used',
    ],
    ['one in a key', '    a: { description: x, default: b }\n', '"$[[ inputs.b ]]": $[[ inputs.a ]]\n', 'b is used'],
    [
      'a default of another type',
      '    a: { description: x, type: number, default: "1" }\n',
      'j: $[[ inputs.a ]]\n',
      'is no number',
    ],
    [
      'options of another type',
      '    a: { description: x, default: b, options: [b, 1] }\n',
      'j: $[[ inputs.a ]]\n',
      'is no string',
    ],
    [
      'a default that is no option',
      '    a: { description: x, default: b, options: [c] }\n',
      'j: $[[ inputs.a ]]\n',
      'none of its options',
    ],
    [
      'a default that the regex refuses',
      '    a: { description: x, default: b, regex: ^c }\n',
      'j: $[[ inputs.a ]]\n',
      'regex',
    ],
    ['an input without a default', '    a: { description: x }\n', 'j: $[[ inputs.a ]]\n', 'has no default'],
  ])('tells %s', (_, inputs, body, problem) => {
    expect(problemsOf(parseComponent(text(inputs, body))).join('\n')).toContain(problem);
  });

  it.each([
    ['a misspelt key', text('    a: { description: x, defualt: b }\n', 'j: $[[ inputs.a ]]\n')],
    ['an input without a description', text('    a: { default: b }\n', 'j: $[[ inputs.a ]]\n')],
    ['no header', 'job: {}\n'],
    ['what is not YAML', text('    a: {\n', 'j: 1\n')],
  ])('refuses %s', (_, broken) => {
    expect(() => problemsOf(parseComponent(broken))).toThrow();
  });

  it('keeps the type of an input that is all of a value', () => {
    const made = parseComponent(
      text(
        '    a: { description: x, type: array, default: [b, c] }\n    n: { description: x, type: number, default: 5 }\n',
        'x: $[[ inputs.a ]]\ny: t $[[ inputs.a ]]\nz: $[[inputs.n]]\n"$[[ inputs.n ]]m": 1\n',
      ),
    );
    expect(rendered(made)).toEqual({ x: ['b', 'c'], y: 't ["b","c"]', z: 5, '5m': 1 });
  });
});
