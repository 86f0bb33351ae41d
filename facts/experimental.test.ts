import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { ecosystem } from './ecosystem.ts';
import { analyze } from './index.ts';
import type { Signal } from './signal.ts';

const at = { path: 'x.txt', line: 1 };
const says = (id: string, signals: readonly Signal[], experimental?: true) =>
  ecosystem({ id, title: id, files: ['x.txt'], ...(experimental ? { experimental } : {}), detect: () => signals });
const convention = (run: string): Signal => ({
  kind: 'command',
  purpose: 'test',
  run,
  dir: '',
  source: 'config',
  evidence: [at],
});
const files = memoryRepository({ 'x.txt': 'a-test b-test c-test\n' });

describe('an experimental plugin', () => {
  it('ranks behind every other, and is said where there is none', async () => {
    const manager = (value: string): Signal => ({
      kind: 'fact',
      key: 'package-manager',
      value,
      dir: '',
      source: 'config',
      evidence: [at],
      weight: value === 'new' ? 10 : 0,
    });
    const fresh = says('fresh', [manager('new'), { ...convention('a-test x.txt'), weight: 2 } as Signal], true);
    const known = says('known', [manager('old'), convention('b-test x.txt')]);
    const values = async (...plugins: readonly ReturnType<typeof says>[]): Promise<readonly string[]> =>
      (await analyze(files, { ecosystems: plugins })).facts.map(({ value }) => value);
    expect(await values(fresh, known)).toEqual(['old', 'new', 'b-test x.txt', 'a-test x.txt']);
    expect(await values(fresh)).toEqual(['new', 'a-test x.txt']);
  });

  it('makes no line of its pipelines one that merge requests have to pass', async () => {
    const step: Signal = {
      kind: 'step',
      script: 'go test ./...',
      path: 'x.txt',
      lines: [1],
      dir: '',
      pipeline: 'p',
      job: 'j',
      trigger: 'merge-request',
    };
    const text = memoryRepository({ 'x.txt': 'go test ./...\n' });
    const sources = async (experimental?: true): Promise<readonly string[]> =>
      (await analyze(text, { ecosystems: [says('ci', [step], experimental)] })).facts
        .filter(({ key }) => key === 'command.test')
        .map(({ source }) => source);
    expect(await sources()).toEqual(['ci']);
    expect(await sources(true)).toEqual(['config']);
  });
});
