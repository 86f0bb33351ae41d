import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('loads nothing of what it is made of before it opens', () => {
  const open = new URL('open.ts', import.meta.url).href;
  const program = `
    const { registerHooks } = await import('node:module');
    const heavy = [];
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        if (found.url.includes('/node_modules/')) heavy.push(specifier);
        return found;
      },
    });
    await import('${open}');
    console.log(JSON.stringify(heavy));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([]);
});
