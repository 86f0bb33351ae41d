import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { absoluteOrHomePath } from './amd311-absolute-or-home-path.ts';

describe('AMD311 absolute-or-home-path', () => {
  it.each([
    ['`/Users/thomas/dev/app`', '1:2 warning /Users/thomas/dev/app'],
    ['cd /home/m.weber/work && make', '1:4 warning /home/m.weber/work'],
    ['`C:\\Users\\Thomas\\dev`', '1:2 warning C:\\Users\\Thomas\\dev'],
    ['[x](file:///Users/thomas/a.md)', '1:5 warning file:///Users/thomas/a.md'],
    ['```sh\ncd /Users/thomas/app\n```', '2:4 warning /Users/thomas/app'],
  ])('fires for %s', async (text, expected) => {
    expect(await told(absoluteOrHomePath, `${text}\n`)).toEqual([expected]);
  });

  it.each([
    '`~/.config/tool`',
    '`$HOME/.cache`',
    '`/home/runner/work`',
    '`/home/vscode/.bashrc`',
    '`/Users/<name>/app`',
    '`/Users/you/app`',
    '`/Users/your-name/app`',
    '`/home/user/app`',
    '`/Users/$USER/app`',
    '`/etc/hosts` and `/tmp/x`',
    '`C:\\Program Files\\app`',
    'GET `/Users/list` of the API',
    '`https://x.dev/home/anna/feed`',
    '`src/home/page/index.ts`',
    'Never commit paths like `/Users/thomas/dev`.',
  ])('is silent about %s', async (text) => {
    expect(await told(absoluteOrHomePath, `${text}\n`)).toEqual([]);
  });
});
