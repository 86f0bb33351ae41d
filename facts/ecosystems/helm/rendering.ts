import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { loadMakefile } from '../make/load.ts';
import { targetsOf } from '../make/targets.ts';

/** A make target that renders charts: where charts are the product, that is its build. */
interface Rendering {
  readonly run: string;
  readonly at: Evidence;
  /** What it renders is kept in files. */
  readonly writes: boolean;
}

/** Rendered to look at it, to compare it, or to send it to a cluster. */
const OTHER_ENDS =
  /(?:^|[-_.:/])(?:tests?|check|diff|lint|verify|validate|scan|debug|install|deploy|apply|upgrade|uninstall|crds?)(?:$|[-_.:/])/i;
const RENDERS = /\bhelm\s+template\b/;
const KEEPS = /--output-dir\b|>/;

/** Targets of the root's Makefile that run `helm template`, in the order of the file. */
export function renderings(repo: RepoView): readonly Rendering[] {
  const file = repo.files.find(({ path }) => path === 'GNUmakefile' || path === 'Makefile');
  if (!file?.text.includes('helm template')) return [];
  return [...targetsOf(loadMakefile(repo, file)).byName.values()].flatMap((target) => {
    const line = target.body.find((text) => RENDERS.test(text));
    const wanted = target.literal && !target.makesFile && !OTHER_ENDS.test(target.name);
    if (line === undefined || !wanted || target.body.some((text) => text.includes('kubectl'))) return [];
    return [
      {
        run: `make ${target.name}`,
        at: { path: target.path, line: target.line },
        writes: target.body.some((text) => RENDERS.test(text) && KEEPS.test(text)),
      },
    ];
  });
}
