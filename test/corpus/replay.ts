/**
 * Replays the history of real repositories: each commit of the main line is taken as a merge request, from the first that
 * touched an agent document. What the computed review says of it is held against what the maintainers did with the line;
 * beside it a file of ours is kept by a sweep every seven days.
 *
 *   node test/corpus/replay.ts --repos DIR [--only WORD] [--last 1000] [--json FILE] [--list]
 *
 * DIR (or AGENTSMD_REPOS) holds bare git directories as DIR/<owner>+<name>/repo. `--only` may be given several times, `--json` keeps all
 * that was found, `--list` prints each finding. One process, one repository after the other.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { claimList, replayTable } from './replay/report.ts';
import { type Replay, replay } from './replay/walk.ts';

const { values } = parseArgs({
  options: {
    repos: { type: 'string', default: process.env.AGENTSMD_REPOS ?? '' },
    only: { type: 'string', multiple: true, default: [''] },
    last: { type: 'string', default: '1000' },
    json: { type: 'string' },
    list: { type: 'boolean' },
  },
});
if (!values.repos) {
  console.error('usage: replay.ts --repos DIR [--only WORD] [--last 1000] [--json FILE] [--list]');
  process.exit(2);
}

const done: Record<string, Replay> = {};
for (const name of readdirSync(values.repos).sort()) {
  const dir = join(values.repos, name, 'repo');
  if (!values.only.some((word) => name.includes(word)) || !existsSync(join(dir, 'HEAD'))) continue;
  const found = await replay(dir, {
    last: Number(values.last),
    tell: ({ at }) => {
      if (at % 100 === 0) console.error(`${name}: ${at}`);
    },
  });
  done[name.replace('+', '/')] = found;
  if (values.json) writeFileSync(values.json, JSON.stringify(done));
  if (values.list) console.log(claimList(found));
}
console.log(replayTable(done));
