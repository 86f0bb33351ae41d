import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { docker } from './docker.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(docker, files)).signals);
}

/** The first answer to a purpose at the root. */
async function first(purpose: string, files: Record<string, string>): Promise<string | undefined> {
  const { facts } = await analyze(memoryRepository(files), { agentDocs: false });
  return facts.find(({ key, dir }) => dir === '' && key === `command.${purpose}`)?.value;
}

const SERVICE = fixture('docker/service');

describe('docker', () => {
  it('the image and what it starts, the Compose file that builds what is here', async () => {
    expect(await said(SERVICE)).toEqual([
      'entrypoint = src/server.js | Dockerfile:7 | config -1',
      'build: docker build . | Dockerfile:1 | convention -4',
      'linter = hadolint | .hadolint.yaml:1 | config 0',
      'lint: hadolint Dockerfile | .hadolint.yaml:1 | convention -5',
      'run: docker compose up --build | compose.yaml:1 | convention -3',
      'build: docker compose build | compose.yaml:1 | convention -5',
      'build: docker buildx bake | docker-bake.hcl:1 | convention -3',
    ]);
  });

  it('a Compose file of nothing but databases says nothing', async () => {
    expect(await said({ 'compose.yaml': 'services:\n  db:\n    image: postgres:17\n' })).toEqual([]);
  });

  it.each([
    ['CMD python manage.py serve', {}, undefined],
    ['CMD python manage.py serve', { 'manage.py': 'x = 1\n' }, 'manage.py'],
    ['ENTRYPOINT ["/usr/src/app/run.sh"]', { 'run.sh': 'true\n' }, 'run.sh'],
    ['CMD ["node", "/elsewhere/server.js"]', { 'server.js': 'x\n' }, undefined],
    ['CMD ["node", "$ENTRY.js"]', { '$ENTRY.js': 'x\n' }, undefined],
    ['# CMD ["node", "server.js"]', { 'server.js': 'x\n' }, undefined],
    ['CMD ["node", "../server.js"]', { 'server.js': 'x\n' }, undefined],
  ])('%s with %j starts %s', async (text, files, path) => {
    const lines = await said({ ...files, Dockerfile: `FROM scratch\n${text}\n` });
    expect(lines).toEqual(path === undefined ? [] : [`entrypoint = ${path} | Dockerfile:2 | config -1`]);
  });

  it('an image in a folder of its own is built from the root, if what it copies lies there', async () => {
    const files = { 'docker/Dockerfile': 'FROM node:22\nCOPY package.json ./\n', 'package.json': '{}' };
    expect(await said(files)).toEqual([
      'build: docker build -f docker/Dockerfile . | docker/Dockerfile:2 | convention -5',
    ]);
    expect(await said({ ...files, 'docker/package.json': '{}' })).toEqual([]);
    expect(
      await said({ 'docker/Dockerfile': 'FROM a\nCOPY --from=b package.json ./\n', 'package.json': '{}' }),
    ).toEqual([]);
    expect(await first('build', files)).toBe('docker build -f docker/Dockerfile .');
  });

  it('the engine: the language’s own build comes first', async () => {
    const files = {
      ...SERVICE,
      'package.json': '{"scripts":{"build":"tsc","dev":"tsx watch src/server.ts","start":"node src/server.js"}}',
    };
    expect(await first('build', files)).toBe('npm run build');
    expect(await first('run', files)).not.toContain('docker');
    expect(await first('build', SERVICE)).toBe('docker buildx bake');
    expect(await first('run', SERVICE)).toBe('docker compose up --build');
  });

  it.each([
    '',
    'FROM',
    '\uFFFD',
    `CMD ${'"'.repeat(100_000)}`,
    'FROM a\r\nCMD ["x.py"',
  ])('survives %j', async (text) => {
    expect(await said({ Dockerfile: text, 'compose.yaml': 'services: [1]\n', 'docker-bake.hcl': '' })).toEqual([]);
  });
});
