import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodexSource } from '../codex/source.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { assertAgentsElsewhere, steeringFolders } from './review-steering.ts';

let root = '';
let config: LoadedConfig;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'agentsmd-steering-'));
  mkdirSync(join(root, 'clone/.git'), { recursive: true });
  mkdirSync(join(root, 'clone/src'));
  mkdirSync(join(root, 'clone/prompts'));
  symlinkSync(join(root, 'clone/prompts'), join(root, 'linked'));
  config = await loadConfig({ cwd: root, env: {} });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const withAgents = (dir: string): LoadedConfig => ({ ...config, values: { ...config.values, agents: { dir } } });

describe('folders that decide about reviews', () => {
  it.each<[CodexSource | undefined, readonly string[]]>([
    [undefined, []],
    [{ from: 'starter' }, []],
    [{ from: '/elsewhere/rules' }, []],
    [{ from: 'https://git.example/Shop/Pay.git', folder: 'standards/' }, ['standards']],
    [{ from: 'git@git.example:shop/pay.git' }, ['']],
    [{ from: 'https://git.example/gitlab/shop/pay/', rev: 'v1' }, ['']],
    [{ from: 'https://git.example/other-shop/pay.git' }, []],
    [{ from: 'https://git.example/shop/pay-rules' }, []],
  ])('of the codex %j are %j', (codex, folders) => {
    const place = { config, folder: join(root, 'clone/src'), project: 'shop/pay' };
    expect(steeringFolders({ ...place, codex })).toEqual(folders);
  });

  it('are those of agents and of a codex on disk, from the top of the repository, through links', () => {
    const codex = { from: join(root, 'clone'), folder: 'standards' };
    const place = { folder: join(root, 'clone/src'), project: undefined };
    expect(steeringFolders({ ...place, config: withAgents(join(root, 'linked')), codex })).toEqual([
      'prompts',
      'standards',
    ]);
    expect(steeringFolders({ ...place, folder: null, config: withAgents(join(root, 'linked')), codex })).toEqual([]);
  });
});

it('agents of a merge request lie outside of its clone', () => {
  const clone = join(root, 'clone/src');
  for (const dir of [join(root, 'clone/prompts'), join(root, 'linked'), join(root, 'clone')])
    expect(() => assertAgentsElsewhere(withAgents(dir), clone)).toThrow(`agents.dir: ${dir} lies in the clone`);
  for (const dir of ['', join(root, 'prompts')]) assertAgentsElsewhere(withAgents(dir), clone);
});
