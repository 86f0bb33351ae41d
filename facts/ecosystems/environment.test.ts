import { describe, expect, it } from 'vitest';
import type { PlainFact } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { environment } from './environment.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(environment, files)).signals);
}

async function names(files: Record<string, string>): Promise<readonly string[]> {
  return ((await signalsOf(environment, files)).signals as PlainFact[]).map(({ value }) => value);
}

describe('environment', () => {
  it('reads a template and a compose file, and no examples', async () => {
    expect(await said(fixture('environment/service'))).toEqual([
      'env.required = DATABASE_URL | .env.example:5 | config 12',
      'env.required = REGION | .env.example:11 | config 11',
      'env.required = POSTGRES_PASSWORD | compose.yaml:5 | config 10',
      'env.required = SESSION_SECRET | .env.example:9 | config 9',
      'env.required = API_TOKEN | .env.example:10 | config 8',
    ]);
  });

  it('never says a value', async () => {
    const { signals } = await signalsOf(environment, { '.env.example': 'TOKEN=your-hunter2-token # required\n' });
    expect(JSON.stringify(signals)).not.toContain('hunter2');
    expect(signals).toHaveLength(1);
  });

  it.each([
    '.env.example',
    '.env.sample',
    '.env.template',
    '.env.dist',
    '.env.local.example',
    '.env.example.local',
    'example.env',
    'env.example',
    '.envrc.sample',
    'apps/web/.env.example',
  ])('reads %s', async (path) => {
    expect(await names({ [path]: 'KEY=\n' })).toEqual(['KEY']);
  });

  it.each([
    '.env',
    '.env.production',
    '.env.example.md',
    'examples/.env.example',
    'node_modules/x/.env.example',
  ])('leaves %s alone', async (path) => {
    expect(await names({ [path]: 'KEY=\n' })).toEqual([]);
  });

  it.each([
    ['KEY=', true],
    ['KEY=""', true],
    ["  export KEY = ''", true],
    ['KEY=<your key>', true],
    ['KEY=changeme', true],
    ['KEY=xxxxxxxx', true],
    ['KEY=sk-...', true],
    ['KEY=${OTHER}', false],
    ['KEY=3000', false],
    ['KEY=localhost # required', true],
    ['# Required: the key.\nKEY=localhost', true],
    ['# required when X is set\nKEY=', false],
    ['# KEY=', false],
    ['KEY= # optional', false],
    ['# Defaults to 10\nKEY=', false],
    ['# Run `openssl rand -hex 32`.\nKEY=', true],
    ['key with spaces=', false],
    ['=', false],
    ['KEY="open\nOTHER=\nend"', false],
  ])('%j asks for it: %s', async (text, asked) => {
    expect(await names({ '.env.example': `${text}\n` })).toEqual(asked ? ['KEY'] : []);
  });

  it('takes a heading for its section and an opening remark for its paragraph', async () => {
    const text = [
      '# Optional settings',
      '',
      'A=',
      '# --- Mandatory ---',
      '',
      'B=',
      '',
      '# Mail (optional)',
      'C=',
      'D=',
      '# required',
      'E=',
      '',
    ].join('\n');
    expect(await names({ '.env.example': text })).toEqual(['B', 'E']);
  });

  it('drops a long list of empty ones', async () => {
    const list = Array.from({ length: 9 }, (_, i) => `EMPTY_${i}=`).join('\n');
    expect(await names({ '.env.example': `# required\nKEY=\n\n${list}\n` })).toEqual(['KEY']);
    expect(await names({ '.env.example': `${list}\n` })).toEqual([]);
    expect(await names({ '.env.example': 'A=\nB=\nC=\n' })).toEqual(['A', 'B', 'C']);
  });

  it.each([
    '# Needed if you use mail.',
    '# Or use a URL instead.',
    '# Only for the cloud.',
    '# Plus only.',
  ])('takes %j for a choice, which holds for all of the block', async (remark) => {
    expect(await names({ '.env.example': `FIRST=\n\nA=\n${remark}\nB=\n\nLAST=\n` })).toEqual(['FIRST', 'LAST']);
    expect(await names({ '.env.example': `${remark}\nA=<your key>\n` })).toEqual(['A']);
  });

  it('keeps the twelve most telling of a folder, from the plain template first', async () => {
    const list = Array.from({ length: 20 }, (_, i) => `K${i}=<it>`).join('\n');
    const found = await names({
      '.env.example': `${list}\n`,
      '.env.ci.example': 'CI_ONLY=\nCI_KEY= # required\n',
    });
    expect(found).toHaveLength(12);
    expect(found.slice(0, 3)).toEqual(['CI_KEY', 'K0', 'K1']);
    expect(found).not.toContain('CI_ONLY');
  });

  it('reads what Heroku asks for', async () => {
    const app = {
      env: {
        SECRET: { description: 'x' },
        MADE: { generator: 'secret' },
        SET: { value: '1' },
        FREE: { required: false },
        TEXT: 'default',
        'bad name': {},
      },
    };
    expect(await said({ 'app.json': JSON.stringify(app, null, 1) })).toEqual([
      'env.required = SECRET | app.json:3 | config 12',
    ]);
    expect(await names({ 'app.json': JSON.stringify({ ...app, expo: { name: 'x' } }) })).toEqual([]);
  });

  it.each([
    ['CRLF', { '.env.example': 'A=\r\nKEY=\r\n' }, ['A', 'KEY']],
    ['empty files', { '.env.example': '', 'app.json': '', 'compose.yml': '' }, []],
    ['wrong types', { 'app.json': '{ "env": [1, { "X": {} }] }', 'compose.yml': '- ${' }, []],
    ['truncated', { 'app.json': '{ "env": { "KEY": { "description": "x', 'compose.yml': 'a: ${X:?' }, ['X', 'KEY']],
    ['a conflict', { '.env.example': '<<<<<<< a\nKEY=\n=======\nKEY=x\n>>>>>>> b\n' }, ['KEY']],
  ])('survives %s', async (_, files, expected) => {
    expect(await names(files as Record<string, string>)).toEqual(expected);
  });
});
