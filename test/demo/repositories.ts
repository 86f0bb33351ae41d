import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesBelow } from '../../forge/entries-below.ts';
import { MADE } from '../fleet/sources.ts';

type Files = Readonly<Record<string, string>>;

const BAKERY = join(import.meta.dirname, '../fixtures/bakery');
const PIPELINE = '.gitlab-ci.yml';
/** What has a project's merge requests reviewed. */
const REVIEWED = 'include:\n  - component: $CI_SERVER_FQDN/platform/agentsmd/review@1\n\n';

/** The company's repositories, by path: the bakery that the README shows, and a few smaller ones. */
export function repositories(): Readonly<Record<string, Files>> {
  const bakery = Object.fromEntries(
    entriesBelow(BAKERY).map((path) => [path, readFileSync(join(BAKERY, path), 'utf8')]),
  );
  const { npm = {}, python = {}, go = {}, rust = {}, dotnet = {} } = MADE;
  return {
    'acme/bakery': reviewed(bakery),
    'acme/cart': reviewed(npm),
    ...{ 'acme/dough': rust, 'acme/oven': go, 'acme/pay': python, 'acme/shelf': dotnet },
  };
}

function reviewed(files: Files): Files {
  return { ...files, [PIPELINE]: `${REVIEWED}${files[PIPELINE] ?? ''}` };
}

/**
 * Two scripts of the bakery get other names, and its server says that it runs. Of AGENTS.md the line on one of the two is mended, the
 * other, two lines above it, is overlooked.
 *
 * @param agentsMd as it was merged.
 */
export function renamedScripts(bakery: Files, agentsMd: string): Files {
  const renamed = (path: string): string =>
    bakery[path]!.replace('"lint":', '"lint:ts":').replace('"dev":', '"start":').replace('pnpm lint', 'pnpm lint:ts');
  return {
    'package.json': renamed('package.json'),
    [PIPELINE]: renamed(PIPELINE),
    'AGENTS.md': agentsMd.replace('`pnpm dev`', '`pnpm start`'),
    'src/server.ts': `${bakery['src/server.ts']}console.log('The oven is hot');\n`,
    'scripts/hello.ts': "console.log('Good morning');\n",
  };
}
