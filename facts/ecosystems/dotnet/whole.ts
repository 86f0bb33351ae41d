import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { isNoLead, isSideFolder, isWithin } from '../native/side-folders.ts';
import type { Project } from './projects.ts';
import type { Solution } from './solutions.ts';

/** What one `dotnet` call is about: a solution, or the projects of a folder without one. */
export interface Whole {
  /** Where it is typed. */
  readonly dir: string;
  /** What has to be named: `src/Shop.sln`; `undefined` where a plain `dotnet build` finds it by itself. */
  readonly target: string | undefined;
  /** The solution's file name; `undefined` where there is none. */
  readonly solution: string | undefined;
  readonly projects: readonly Project[];
  /** For each project the line that makes it part of the whole. */
  readonly lines: ReadonlyMap<string, Evidence>;
  readonly at: Evidence;
  /** False where there are several projects and nothing that joins them. */
  readonly joined: boolean;
}

const MAX_LEADS = 6;

/** The solution at the root, or below it; projects where there is none. */
export function wholesOf(
  repo: RepoView,
  solutions: readonly Solution[],
  projects: readonly Project[],
): readonly Whole[] {
  // A solution of nothing but C++ projects is Visual Studio's business.
  const whole = solutions.filter(
    ({ filters, file, projects: named }) =>
      !filters && (named.size > 0 || !file.find(/\.vcx?proj"/)) && !isUnity(repo, file.dir),
  );
  const top = whole.filter(({ file }) => file.dir === '');
  const lead = best(top);
  if (lead) return [ofSolution(lead, '', needsName(repo, '', lead, top), projects)];
  const others = whole.filter(({ file }) => !isNoLead(file.dir));
  const depth = others[0]?.file.dir.split('/').length;
  const byDir = Map.groupBy(
    others.filter(({ file }) => file.dir.split('/').length === depth),
    ({ file }) => file.dir,
  );
  const chosen = [...byDir.values()].flatMap((same) => best(same) ?? []);
  const most = chosen.toSorted((a, b) => b.projects.size - a.projects.size)[0];
  if (most && isMostlyDotnet(repo) && (chosen.length === 1 || most.projects.size * 2 > projects.length))
    return [ofSolution(most, '', true, projects)];
  if (chosen.length > 0) {
    return chosen
      .slice(0, MAX_LEADS)
      .map((each) =>
        ofSolution(
          each,
          each.file.dir,
          needsName(repo, each.file.dir, each, byDir.get(each.file.dir) ?? [each]),
          projects,
        ),
      );
  }
  return looseProjects(repo, projects);
}

/** A binding below a library of another language speaks for its folder, not for the whole. */
function isMostlyDotnet({ paths }: RepoView): boolean {
  let own = 0;
  let other = 0;
  for (const { path } of paths.entries) {
    if (/\.(?:cs|fs|vb|razor|cshtml|xaml)$/i.test(path)) own++;
    else if (/\.(?:rs|go|py|rb|java|kt|scala|c|cc|cpp|cxx|php|swift|dart|exs?)$/i.test(path)) other++;
  }
  return own >= other;
}

/**
 * Of several solutions in a folder the one whose name the others go on from (`Shop.sln` beside `Shop.Docker.sln`), else
 * the one with the most projects.
 */
function best(solutions: readonly Solution[]): Solution | undefined {
  const stem = solutions.find(({ stem }) => solutions.every((other) => other.stem.startsWith(stem)))?.stem;
  const named = stem === undefined ? solutions : solutions.filter((each) => each.stem === stem);
  return named.toSorted(
    (a, b) =>
      b.projects.size - a.projects.size || b.file.name.length - a.file.name.length || (a.stem < b.stem ? -1 : 1),
  )[0];
}

/** MSBuild takes the only project or solution of a folder by itself, and of a pair with one name the solution. */
function needsName(repo: RepoView, dir: string, lead: Solution, beside: readonly Solution[]): boolean {
  if (beside.length > 1) return true;
  return projectFilesIn(repo, dir).some((name) => name.replace(/\.\w+$/, '') !== lead.stem);
}

function projectFilesIn(repo: RepoView, dir: string): readonly string[] {
  return repo.paths.once(`project files in ${dir}`, (paths) =>
    paths
      .under(dir)
      .map(({ path }) => (dir === '' ? path : path.slice(dir.length + 1)))
      .filter((name) => !name.includes('/') && /\.(?:\w\w)?proj$/i.test(name)),
  );
}

function ofSolution(solution: Solution, dir: string, named: boolean, projects: readonly Project[]): Whole {
  const { file } = solution;
  const [first] = solution.projects.values();
  const members = projects.filter((project) => solution.projects.has(project.file.path));
  return {
    dir,
    target: named ? (dir === '' ? file.path : file.name) : undefined,
    solution: file.name,
    projects: members,
    lines: new Map(members.map((member) => [member.file.path, file.at(solution.projects.get(member.file.path)!)])),
    at: file.at(first ?? 1),
    joined: true,
  };
}

/** Without a solution: the project at the root, or the only one that is no test, sample or tool. */
function looseProjects(repo: RepoView, all: readonly Project[]): readonly Whole[] {
  const projects = all.filter(({ dir }) => !isUnity(repo, dir));
  const root = projects.filter(({ dir }) => dir === '');
  const worked = projects.filter(({ dir, isTest }) => (isTest ? !isAsideOfTests(dir) : !isNoLead(dir)));
  const products = worked.filter(({ isTest }) => !isTest);
  const [first] = root.length > 0 ? root : products.length > 0 ? products : worked;
  if (!first) return [];
  const main = root.length === 1 && projectFilesIn(repo, '').length === 1 ? root[0] : undefined;
  const only = main ?? (products.length === 1 ? products[0] : undefined);
  const members = [...new Set([...root, ...worked])];
  return [
    {
      dir: '',
      target: only === main ? undefined : only?.dir === '' ? only.file.path : only?.dir,
      solution: undefined,
      projects: members,
      lines: new Map(members.map((member) => [member.file.path, member.at])),
      at: first.at,
      joined: only !== undefined,
    },
  ];
}

function isAsideOfTests(dir: string): boolean {
  return isSideFolder(dir.replace(/(?:^|\/)(?:tests?|testing)(?=\/|$)/gi, ''));
}

/** Unity writes solutions and projects for editors; only Unity itself can build them. */
function isUnity(repo: RepoView, dir: string): boolean {
  return repo.paths
    .named('ProjectVersion.txt')
    .some((path) => path.endsWith(UNITY) && isWithin(dir, path.slice(0, Math.max(0, path.length - UNITY.length - 1))));
}

const UNITY = 'ProjectSettings/ProjectVersion.txt';
