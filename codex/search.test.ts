import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { loadCodex, STARTER } from './load.ts';
import { searchCodex } from './search.ts';
import { bestSection, sectionsOf } from './search-sections.ts';
import { stem } from './search-words.ts';
import { stackOf } from './stack.ts';
import { makeCodex, makeRule } from './testing/make-codex.ts';

const CODEX = makeCodex(
  {
    id: 'RS-ERR-1',
    title: 'Return errors instead of panicking',
    appliesTo: { languages: ['rust'] },
    domain: 'errors',
    body: 'Use `?` and add context.\n\n## At the edge\n\nMap every failure to a status.',
  },
  {
    id: 'GO-ERR-1',
    title: 'Wrap errors with %w',
    appliesTo: { languages: ['go'] },
    domain: 'errors',
    body: 'So that callers can inspect them.',
  },
  {
    id: 'PY-ERR-1',
    title: 'Catch narrow exceptions',
    appliesTo: { languages: ['python'] },
    domain: 'errors',
    body: 'A bare except hides failures.',
  },
  {
    id: 'API-1',
    title: 'Answer errors with problem details',
    when: 'a handler answers with an error',
    domain: 'api',
    body: 'One format for every endpoint.',
  },
  {
    id: 'API-2',
    title: 'Page every list',
    when: 'an endpoint returns a collection',
    domain: 'api',
    body: 'Use cursors. Pagination by offset skips rows.',
  },
  {
    id: 'API-3',
    title: 'Version by media type',
    domain: 'api',
    status: 'superseded',
    supersededBy: ['API-4'],
    body: 'Versioning in the Accept header.',
  },
  { id: 'API-4', title: 'Keep interfaces compatible', domain: 'api', body: 'Add, never remove. No versioning.' },
  {
    id: 'SEC-1',
    title: 'Keep secrets out of the repository',
    domain: 'security',
    body: 'Passwords and tokens come from the vault.',
  },
  {
    id: 'SEC-2',
    title: 'Bind SQL parameters',
    domain: 'security',
    body: 'Concatenated queries are open to injection.',
  },
  { id: 'SEC-3', title: 'Verify TLS certificates', domain: 'security', body: 'Never switch the check off.' },
  { id: 'LOG-1', title: 'Log in JSON', domain: 'logging', body: 'One line for each event.' },
  { id: 'LOG-2', title: 'Log no personal data', domain: 'logging', body: 'Addresses and names are masked.' },
  {
    id: 'TS-TEST-1',
    title: 'Commit no focused tests',
    appliesTo: { languages: ['typescript'], frameworks: ['vitest', 'jest'] },
    domain: 'testing',
    body: 'it.only silences the others.',
  },
  { id: 'ALL-TEST-1', title: 'Do not sleep in tests', domain: 'testing', body: 'Wait for a condition instead.' },
  { id: 'DEP-1', title: 'Pin every dependency', domain: 'dependencies', body: 'A lock file is committed.' },
  { id: 'OCI-1', title: 'Run containers without root', domain: 'containers', body: 'USER in the Dockerfile.' },
  { id: 'DB-1', title: 'Never edit a merged migration', domain: 'database', body: 'Write a new one.' },
  { id: 'CI-1', title: 'Give jobs a timeout', domain: 'ci', body: 'A pipeline that hangs blocks everybody.' },
  { id: 'DOC-1', title: 'Keep a README', domain: 'documentation', body: 'What it is, how to run it, whom to ask.' },
  { id: 'OLD-1', title: 'Write logs to syslog', status: 'deprecated', domain: 'logging', body: 'Nobody reads it.' },
  {
    id: 'DRAFT-1',
    title: 'Log in JSON with a schema',
    status: 'draft',
    domain: 'logging',
    body: 'One line for each event.',
  },
);
const first = async (question: string) => (await searchCodex(CODEX, question)).hits[0]?.rule.id;

describe('searchCodex', () => {
  it.each([
    ['how should I handle errors in my Rust service?', 'RS-ERR-1'],
    ['How do we handle errors in Go?', 'GO-ERR-1'],
    ['error handling golang', 'GO-ERR-1'],
    ['catching exceptions in python', 'PY-ERR-1'],
    ['what does an endpoint answer on an error', 'API-1'],
    ['pagination', 'API-2'],
    ['how do I return a long list', 'API-2'],
    ['where do passwords go', 'SEC-1'],
    ['credentials in the repository', 'SEC-1'],
    ['sql injection', 'SEC-2'],
    ['may I skip certificate verification?', 'SEC-3'],
    ['logging format', 'LOG-1'],
    ['can I log names of users', 'LOG-2'],
    ['focused test', 'TS-TEST-1'],
    ['sleeping in a test', 'ALL-TEST-1'],
    ['testing with vitest', 'TS-TEST-1'],
    ['pinning of libraries', 'DEP-1'],
    ['docker as root', 'OCI-1'],
    ['editing migrations', 'DB-1'],
    ['ci pipeline hangs', 'CI-1'],
    ['readme', 'DOC-1'],
    ['api-2', 'API-2'],
    ['certifcate', 'SEC-3'],
  ])('%s: %s', async (question, id) => {
    expect(await first(question)).toBe(id);
  });

  it('leaves out the rules of languages that were not asked for', async () => {
    const { hits, languages } = await searchCodex(CODEX, 'errors in Rust');
    expect(languages).toEqual(['rust']);
    expect(hits.map(({ rule }) => rule.id)).toEqual(['RS-ERR-1', 'API-1']);
    const all = await searchCodex(CODEX, 'errors');
    expect(all.hits.map(({ rule }) => rule.id).sort()).toEqual(['API-1', 'GO-ERR-1', 'PY-ERR-1', 'RS-ERR-1']);
  });

  it('a language alone asks for all of its rules', async () => {
    expect((await searchCodex(CODEX, 'Rust')).hits[0]?.rule.id).toBe('RS-ERR-1');
    expect((await searchCodex(CODEX, 'rules for rust?')).found).toBeGreaterThan(1);
  });

  it.each(['', '???', 'how should I do it', 'zebra'])('finds nothing for %j', async (question) => {
    expect(await searchCodex(CODEX, question)).toMatchObject({ hits: [], found: 0 });
  });

  it('never puts a retired rule above its successor, even one that the words do not find', async () => {
    for (const question of ['versioning', 'media type', 'Accept header version']) {
      const ids = (await searchCodex(CODEX, question)).hits.map(({ rule }) => rule.id);
      expect(ids.indexOf('API-4')).toBeGreaterThanOrEqual(0);
      expect(ids.indexOf('API-4')).toBeLessThan(ids.indexOf('API-3'));
    }
    const { hits } = await searchCodex(CODEX, 'media type');
    expect(hits.find(({ rule }) => rule.id === 'API-3')?.successors).toEqual(['API-4']);
  });

  it('puts rules in force above drafts and dropped ones', async () => {
    const ids = (await searchCodex(CODEX, 'log in JSON')).hits.map(({ rule }) => rule.id);
    expect(ids.indexOf('LOG-1')).toBeLessThan(ids.indexOf('DRAFT-1'));
    expect(ids.indexOf('DRAFT-1')).toBeLessThan(ids.indexOf('OLD-1'));
  });

  it('names the section, a piece of it, and why', async () => {
    const [hit] = (await searchCodex(CODEX, 'status of a failure in rust')).hits;
    expect(hit).toMatchObject({ heading: 'At the edge', snippet: 'Map every failure to a status.' });
    expect(hit?.why).toBe('"status" in its text, "failure" in its text, "error" in its title and domain; for rust');
  });

  it('gives as many as asked for, and says how many there are', async () => {
    const { hits, found } = await searchCodex(CODEX, 'errors', { limit: 2 });
    expect([hits.length, found]).toEqual([2, 4]);
  });

  describe('inside a repository', () => {
    const stack = () => stackOf(memoryRepository({ 'main.go': '', 'go.mod': 'module x\n' }));

    it('puts rules that do not apply behind all others', async () => {
      const { hits } = await searchCodex(CODEX, 'errors', { stack: await stack() });
      expect(hits.map(({ rule, applies }) => [rule.id, applies])).toEqual([
        [expect.stringMatching(/API-1|GO-ERR-1/), 'yes'],
        [expect.stringMatching(/API-1|GO-ERR-1/), 'yes'],
        [expect.stringMatching(/RS|PY/), 'no'],
        [expect.stringMatching(/RS|PY/), 'no'],
      ]);
      expect(hits[2]?.why).toMatch(/; no (?:rust|python) here$/);
    });

    it('unless the question names their language', async () => {
      const { hits } = await searchCodex(CODEX, 'errors in rust', { stack: await stack() });
      expect(hits[0]).toMatchObject({ rule: { id: 'RS-ERR-1' }, applies: 'no' });
    });
  });

  it('survives names of prototypes', async () => {
    expect((await searchCodex(CODEX, 'constructor __proto__ toString')).hits).toEqual([]);
  });
});

describe('the starter codex answers', () => {
  it.each([
    ['how should I handle errors in my Rust service?', /^RS-ERR-/],
    ['can I use console.log', /^TS-LOG-/],
    ['focused tests', /^TS-TEST-/],
    ['timeouts of outgoing http requests in Go', /^GO-HTTP-/],
    ['load yaml in python', /^PY-SEC-/],
    ['empty catch block in java', /^JV-ERR-/],
    ['xss', /^TS-SEC-005$/],
    ['prevent XSS attacks', /^TS-SEC-005$/],
    ['sql injection', /^(?:TS-SEC-006|JV-SEC-001|PY-SEC-007)$/],
    ['sql injection in java', /^JV-SEC-001$/],
    ['hardcoded credentials in source', /^SEC-KEY-/],
    ['hardcoded secrets', /^SEC-/],
    ['can I use any in TypeScript', /^TS-TYPE-003$/],
    ['is `any` allowed?', /^TS-TYPE-003$/],
    ['is auth required for endpoints', /^(?:SEC-AUTH|API-SEC)-/],
  ])('%s: %s', async (question, id) => {
    const codex = await loadCodex({ from: STARTER }, { cache: null });
    expect((await searchCodex(codex, question)).hits[0]?.rule.id).toMatch(id);
  });
});

describe('in the starter codex', () => {
  const ids = async (question: string) => {
    const codex = await loadCodex({ from: STARTER }, { cache: null });
    return (await searchCodex(codex, question, { limit: 200 })).hits.map(({ rule }) => rule.id);
  };

  it('rules about injection come before those about migrations', async () => {
    const found = await ids('sql injection');
    const migration = found.findIndex((id) => id.startsWith('DB-MIG-'));
    for (const id of ['TS-SEC-006', 'JV-SEC-001']) {
      expect(found).toContain(id);
      expect(found.indexOf(id)).toBeLessThan(migration);
    }
  });

  it.each([
    'any rules for typescript?',
    'is there any rule about TypeScript',
    'any',
  ])('the word in %j is looked for only where it stands alone', async (question) => {
    expect((await ids(question))[0] === 'TS-TYPE-003').toBe(question === 'any');
  });
});

describe('sectionsOf', () => {
  it('cuts at headings, and knows code from them', () => {
    const body = 'Above.\n\n## One\n\nText.\n\n```sh\n# no heading\n```\n\n### Two ###\n\n~~~\n```\n# none\n~~~\nEnd.';
    expect(sectionsOf({ body })).toEqual([
      { heading: '', text: 'Above.' },
      { heading: 'One', text: 'Text.' },
      { heading: 'Two', text: 'End.' },
    ]);
    expect(sectionsOf({ body: '' })).toEqual([{ heading: '', text: '' }]);
  });

  it('a rule without a body answers with its occasion', () => {
    const rule = makeRule({ id: 'A-1', title: 'Do it', when: 'it is late' });
    expect(bestSection(rule, new Set(['x']))).toEqual({ heading: '', text: 'it is late' });
  });

  it('cuts long paragraphs at a word', () => {
    const { text } = bestSection(makeRule({ id: 'A-1', body: 'word '.repeat(100) }), new Set());
    expect(text).toMatch(/word\u2026$/);
    expect(text.length).toBeLessThanOrEqual(201);
  });
});

describe('stem', () => {
  it.each([
    ['errors', 'error'],
    ['handles', 'handling'],
    ['logging', 'logs'],
    ['validation', 'validate'],
    ['dependencies', 'dependency'],
    ['classes', 'class'],
    ['deprecated', 'deprecation'],
    ['caches', 'caching'],
    ['injection', 'inject'],
  ])('%s and %s are one word', (a, b) => {
    expect(stem(a)).toBe(stem(b));
  });
  it.each([
    ['format', 'form'],
    ['status', 'statue'],
    ['string', 'str'],
    ['need', 'ne'],
    ['redis', 'redi'],
  ])('%s and %s are two', (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });
});
