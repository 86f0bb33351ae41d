import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LogLevel, logLevel, pinoLog } from './pino-log.ts';

type Entry = Readonly<Record<string, unknown>> & { readonly line: string };

async function logged(use: (log: Awaited<ReturnType<typeof pinoLog>>) => void, level: LogLevel = 'debug') {
  const lines: string[] = [];
  use(await pinoLog({ level, destination: { write: (line) => lines.push(line) } }));
  for (const line of lines) expect(line).toMatch(/^\{.*\}\n$/);
  return lines.map((line) => ({ ...(JSON.parse(line) as Record<string, unknown>), line }) as Entry);
}

const PAT = `glpat-${'a1B2'.repeat(5)}`;

describe('pinoLog', () => {
  it('writes a line of JSON with level, time, fields and message', async () => {
    const [entry] = await logged((log) => log.info({ project: 'shop/cart', ms: 12, done: true }, 'worked on'));
    expect(entry).toMatchObject({ level: 'info', project: 'shop/cart', ms: 12, done: true, msg: 'worked on' });
    expect(entry!.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(entry!.pid).toBe(process.pid);
  });

  it.each([
    ['quiet', ['error']],
    ['normal', ['info', 'warn', 'error']],
    ['verbose', ['debug', 'info', 'warn', 'error']],
  ] as const)('%s lets these through: %s', async (verbosity, expected) => {
    const entries = await logged((log) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
    }, logLevel(verbosity));
    expect(entries.map(({ level }) => level)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['a token in a text', `git said: ${PAT}`],
    ['a header in a text', `Authorization: Bearer ${PAT.slice(6)}`],
    ['a password in an address', `postgres://agentsmd:${PAT.slice(6)}@db.example.com/agentsmd`],
    ['a short one in an address', `https://oauth2:${PAT.slice(6, 12)}@gitlab.example.com/shop/cart.git`],
    ['a parameter', `https://gitlab.example.com/x?private_token=${PAT.slice(6, 13)}&page=1`],
    ['a header deep down', { request: { headers: { Authorization: PAT.slice(6) } } }],
    ['a field of that name', { tries: [{ 'PRIVATE-TOKEN': PAT.slice(6, 12) }] }],
    ['an address object', new URL(`https://x:${PAT.slice(6)}@gitlab.example.com/`)],
    ['an error with a cause', new Error('no', { cause: new Error(PAT) })],
    ['a set', new Set([PAT])],
    ['a map', new Map([[PAT, PAT]])],
  ])('masks %s', async (_, value) => {
    const entries = await logged((log) => {
      log.warn({ value }, 'fields');
      log.warn({}, typeof value === 'string' ? value : 'text');
    });
    expect(entries).toHaveLength(2);
    for (const { line } of entries) expect(line).not.toContain(PAT.slice(6, 12));
    expect(entries[0]!.line).toContain('[…]');
  });

  it('leaves what only sounds like a secret', async () => {
    const [entry] = await logged((log) =>
      log.info({ tokens: 5, tokenEnv: 'GITLAB_TOKEN', token: null, monkey: 'x' }, ''),
    );
    expect(entry).toMatchObject({ tokens: 5, tokenEnv: 'GITLAB_TOKEN', token: null, monkey: 'x' });
  });

  it('keeps hostile text inside its line and off the terminal', async () => {
    const evil = 'a\n{"level":"error"}\r\u001b[2J\u009b31m\u202e\u2028\u{e0041}\u0000\u007fz';
    const [entry, ...more] = await logged((log) =>
      log.info({ message: evil, [evil]: 1, deep: { [evil]: evil } }, evil),
    );
    expect(more).toEqual([]);
    expect(entry!.line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(entry!.msg).toBe(evil);
    expect(entry!.message).toBe(evil);
  });

  it('does not let a field pass for its level, time or message', async () => {
    const fields = JSON.parse('{"level":"fatal","msg":"forged","time":0,"__proto__":{"x":1}}') as Record<
      string,
      unknown
    >;
    const [entry] = await logged((log) => log.info(fields, 'true'));
    expect(entry).toMatchObject({ level: 'info', msg: 'true', level_: 'fatal', msg_: 'forged', time_: 0 });
    expect(entry!.line.match(/"level":/g)).toHaveLength(1);
  });

  it('ends with what has no end', async () => {
    const circle: Record<string, unknown> = { name: 'x' };
    circle.self = circle;
    const [entry] = await logged((log) =>
      log.info({ circle, long: 'x'.repeat(1e6), many: Array(1e5).fill(1), big: 1n }, ''),
    );
    expect(entry!.line.length).toBeLessThan(10_000);
    expect(entry!.big).toBe('1');
  });

  it('writes to stderr, and before the process ends', () => {
    const file = join(import.meta.dirname, 'pino-log.ts');
    const code = `import { pinoLog } from ${JSON.stringify(file)};
      const log = await pinoLog({ level: 'info' });
      for (let n = 0; n < 20_000; n++) log.info({ n }, 'x'); process.exit(3);`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    expect([ran.status, ran.stdout]).toEqual([3, '']);
    expect(ran.stderr.split('\n')).toHaveLength(20_001);
  });
});
