import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readable } from './permissions.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'agentsmd-packages-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function link(at: string, to: string): void {
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(to, at);
}

/** Packages that each lie in a folder of their own, with links to those that they need beside them. */
function store(of: string, packages: Readonly<Record<string, readonly string[]>>): (name: string) => string {
  const placeOf = (name: string) => join(root, of, name.replace('/', '+'), 'node_modules');
  for (const [name, needed] of Object.entries(packages)) {
    const folder = join(placeOf(name), name);
    const dependencies = Object.fromEntries(needed.map((each) => [each, '1.0.0']));
    write(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js', dependencies }));
    const imports = needed.map((each) => `import ${JSON.stringify(each)};\n`).join('');
    write(join(folder, 'index.js'), `${imports}console.log(${JSON.stringify(name)});\n`);
    for (const each of needed) link(join(placeOf(name), each), join(placeOf(each), each));
  }
  return (name) => join(placeOf(name), name);
}

function run(program: string, ...args: readonly string[]) {
  const allowed = readable(join(program, 'dist')).map((path) => `--allow-fs-read=${path}`);
  return spawnSync(process.execPath, ['--permission', ...allowed, ...args], { encoding: 'utf8' });
}

const MAIN = "import 'one';\nimport '@scope/provider';\n";
const NEEDS = {
  one: ['@scope/provider-utils'],
  '@scope/provider-utils': ['@scope/provider'],
  '@scope/provider': [],
  stranger: [],
};

describe('a program of packages that links lead to', { timeout: 60_000 }, () => {
  it('reads them in a store that others share, and nothing else there', () => {
    const at = store('shared', { app: ['one', '@scope/provider'], ...NEEDS });
    write(join(at('app'), 'dist/main.js'), MAIN);
    const { stdout, stderr } = run(at('app'), join(at('app'), 'dist/main.js'));
    expect({ stdout, stderr }).toEqual({ stdout: '@scope/provider\n@scope/provider-utils\none\n', stderr: '' });
    const stolen = run(
      at('app'),
      '-p',
      `require('fs').readFileSync(${JSON.stringify(join(at('stranger'), 'index.js'))})`,
    );
    expect(stolen.stderr).toContain('ERR_ACCESS_DENIED');
  });

  it('reads a single one that lies elsewhere, as `npm link` has it', () => {
    const at = store('linked', NEEDS);
    const app = join(root, 'linked-app');
    write(
      join(app, 'package.json'),
      JSON.stringify({ type: 'module', dependencies: { one: '*', '@scope/provider': '*' } }),
    );
    write(join(app, 'dist/main.js'), MAIN);
    link(join(app, 'node_modules/one'), at('one'));
    write(join(app, 'node_modules/@scope/provider/package.json'), '{"exports":"./index.js"}');
    write(join(app, 'node_modules/@scope/provider/index.js'), '');
    const { stdout, stderr } = run(app, join(app, 'dist/main.js'));
    expect({ stdout, stderr }).toEqual({ stdout: '@scope/provider\n@scope/provider-utils\none\n', stderr: '' });
  });

  it('is named nothing more where no link leads anywhere', () => {
    const app = join(root, 'plain');
    write(join(app, 'package.json'), JSON.stringify({ dependencies: { one: '*' } }));
    write(join(app, 'node_modules/one/package.json'), '{}');
    const own = readable(join(app, 'dist')).filter((path) => path.startsWith(root));
    const packages = join(app, 'node_modules');
    expect(own).toEqual([join(app, 'dist/*'), join(app, 'package.json'), packages, join(packages, '*')]);
  });
});
