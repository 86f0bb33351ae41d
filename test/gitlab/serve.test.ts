import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

it('prints what one needs to explore an instance, and ends when told to', async () => {
  const served = spawn(process.execPath, [
    join(import.meta.dirname, 'serve.ts'),
    '--subpath',
    '/gitlab',
    '--version',
    '19.2.0',
  ]);
  const lines: string[] = [];
  for await (const line of createInterface(served.stdout)) if (lines.push(line) && line.includes('shop-partial')) break;
  const [url = '', , token = ''] = lines.map((line) => line.split(/: +/)[1] ?? '');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/gitlab$/);
  const answer = await fetch(`${url}/api/v4/projects?membership=true`, { headers: { 'PRIVATE-TOKEN': token } });
  expect(await answer.json()).toHaveLength(4);
  expect(lines.join('\n')).toContain(`git clone ${url.replace('://', `://oauth2:${token}@`)}/bakery/shop.git`);
  served.kill('SIGTERM');
  expect(await once(served, 'exit')).toEqual([0, null]);
});
