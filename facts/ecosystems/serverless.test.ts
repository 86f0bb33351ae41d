import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { serverless } from './serverless.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(serverless, files)).signals);
}

/** The first answer to a purpose at the root. */
async function first(purpose: string, files: Record<string, string>): Promise<string | undefined> {
  const { facts } = await analyze(memoryRepository(files), { agentDocs: false });
  return facts.find(({ key, dir }) => dir === '' && key === `command.${purpose}`)?.value;
}

describe('serverless', () => {
  it('a Worker: what starts it here, by the manager of the project', async () => {
    expect(await said(fixture('serverless/worker'))).toEqual([
      'run: pnpm wrangler dev | wrangler.jsonc:3 package.json:4 | convention -1',
      'generate: pnpm wrangler types | wrangler.jsonc:3 package.json:4 | convention -1',
      'generated = worker-configuration.d.ts | worker-configuration.d.ts:1 | config 0',
      'entrypoint = src/index.ts | wrangler.jsonc:4 | config 0',
      'migration = migrations | wrangler.jsonc:6 | config 0',
    ]);
  });

  it('SAM: functions, their runtime and the files of their handlers; tags of CloudFormation do not matter', async () => {
    expect(await said(fixture('serverless/sam'))).toEqual([
      'build-system = sam | template.yaml:2 samconfig.toml:1 | config 0',
      'build: sam build | template.yaml:2 samconfig.toml:1 | convention 0',
      'lint: sam validate --lint | template.yaml:2 samconfig.toml:1 | convention -1',
      'run: sam local start-api | template.yaml:2 samconfig.toml:1 | convention -1',
      'runtime.python = 3.13 | template.yaml:5 | config -1',
      'entrypoint = orders/app.py | template.yaml:11 | config 0',
    ]);
  });

  it('the Serverless Framework runs here only with the plugin for it', async () => {
    const build = 'build: npx serverless package | serverless.yml:2 | convention -2';
    const text = 'service: x\nprovider:\n  name: aws\n';
    expect(await said({ 'serverless.yml': text })).toEqual([
      'build-system = serverless | serverless.yml:2 | config 0',
      build,
    ]);
    expect(await said({ 'serverless.yml': `${text}plugins:\n  - serverless-offline\n` })).toContain(
      'run: npx serverless offline | serverless.yml:5 | config -1',
    );
  });

  it('sites and other clouds; what a host runs to build is a pipeline that releases', async () => {
    expect(await said(fixture('serverless/sites'))).toEqual([
      'build-system = pulumi | Pulumi.yaml:2 | config 0',
      'build-system = cdk | cdk.json:2 | config 0',
      'build: npx cdk synth | cdk.json:2 | convention -2',
      'entrypoint = bin/site.ts | cdk.json:2 | config 0',
      'run: firebase emulators:start | firebase.json:3 | convention -2',
      'run: func start | host.json:2 | convention -2',
      '{"kind":"step","script":"hugo --minify","path":"netlify.toml","lines":[3],"dir":"docs","pipeline":"netlify.toml","job":"build","trigger":"release"}',
      'run: npx netlify dev | netlify.toml:5 | convention -2',
      'build-system = serverless | serverless.yml:3 | config 0',
      'build: npx serverless package | serverless.yml:3 | convention -2',
      'run: npx serverless offline | serverless.yml:8 | config -1',
      'runtime.node = 22 | serverless.yml:5 | config -1',
      '{"kind":"step","script":"npm run build","path":"vercel.json","lines":[2],"dir":"","pipeline":"vercel.json","job":"build","trigger":"release"}',
    ]);
  });

  it('nothing of it deploys', async () => {
    for (const name of ['worker', 'sam', 'sites'])
      expect((await said(fixture(`serverless/${name}`))).join('\n')).not.toMatch(/\b(?:deploy|publish|up)\b/);
  });

  it('the engine: a script of the project comes before the bare tool', async () => {
    const files = fixture('serverless/worker');
    expect(await first('run', files)).toBe('pnpm wrangler dev');
    const scripts = '{"packageManager":"pnpm@10.2.0","scripts":{"dev":"wrangler dev","deploy":"wrangler deploy"}}';
    expect(await first('run', { ...files, 'package.json': scripts })).toBe('pnpm dev');
  });

  it.each([
    ['a template of CloudFormation', { 'template.yaml': 'Resources: {}\n' }],
    ['a template of something else', { 'template.yaml': '- a\n' }],
    ['a host.json of something else', { 'host.json': '{"version":"2.0","name":"x"}' }],
    ['a cdk.json without an app', { 'cdk.json': '{"context":{}}' }],
    ['an empty wrangler.toml', { 'wrangler.toml': '' }],
    ['other types', { 'wrangler.json': '[1]', 'netlify.toml': 'build = 3\n', 'vercel.json': '{"buildCommand":null}' }],
    [
      'half a file',
      { 'firebase.json': '{"emulators": ', 'serverless.yml': 'custom:\n  a: [', 'Pulumi.yaml': 'name: x' },
    ],
    ['an example', { 'examples/a/wrangler.toml': 'name = "a"\n' }],
  ])('%s says nothing', async (_, files) => {
    expect(await said(files as unknown as Record<string, string>)).toEqual([]);
  });

  it('a handler without a file, and one outside, are no entry points', async () => {
    const template = 'Transform: AWS::Serverless-2016-10-31\nResources:\n';
    const named = (handler: string): string =>
      `${template}  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: ${handler}\n`;
    for (const handler of ['gone.handler', '../up.handler', 'nothing', '[a]'])
      expect((await said({ 'template.yml': named(handler) })).join()).not.toContain('entrypoint');
    expect(await said({ 'template.yml': named('in.handler'), 'in.mjs': 'x\n' })).toContain(
      'entrypoint = in.mjs | template.yml:6 | config 0',
    );
  });
});
