import type { RepoView } from '../../ecosystem.ts';
import { isAside, joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';

/** What a pip requirements file asks for. */
export interface Requirements {
  readonly packages: readonly { readonly name: string; readonly line: number }[];
  /** Other requirements files it brings in with `-r`, from the repository's root. */
  readonly includes: readonly string[];
  /** It installs the project itself: `-e .`, `.[dev]`. */
  readonly project: boolean;
}

/**
 * Reads a requirements file: names, `-r` and `-e .`; URLs, hashes and the other options are passed over.
 * Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function readRequirements(file: SourceFile): Requirements {
  const packages: { name: string; line: number }[] = [];
  const includes: string[] = [];
  let project = false;
  for (let number = 1; number <= file.lines.count; number++) {
    const line = file.lines.line(number).trim();
    const included = /^(?:-r|--requirement)[ =]?\s*([^\s#]+)/.exec(line)?.[1];
    const path = included && joinPath(file.dir, included);
    if (path) includes.push(path);
    else if (/^(?:(?:-e|--editable)[ =]?\s*)?\.{1,2}\/?(?:\[|$|\s)/.test(line)) project = true;
    else {
      const name = requirementName(line);
      if (name) packages.push({ name, line: number });
    }
  }
  return { packages, includes, project };
}

/** The normalised name of a requirement such as `PyTest-Cov[toml]>=4; python_version > "3"`; see PEP 503. */
export function requirementName(requirement: string): string | undefined {
  const name = /^\s*([A-Za-z0-9][\w.-]*)(?!\w*:\/\/)/.exec(requirement)?.[1];
  return name?.replace(/[-_.]{1,64}/g, '-').toLowerCase();
}

/** requirements.txt, requirements-dev.txt, dev-requirements.txt, requirements/dev.txt; never constraints. */
function isRequirements(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.endsWith('.txt') || name.includes('constraint')) return false;
  return name.includes('requirements') || /(?:^|\/)requirements\/[^/]+$/.test(path);
}

/** A folder with more requirements than people read holds lock files of test environments. */
const MAX_FILES = 40;

function isRequirementsDir(dir: string): boolean {
  return /^(?:[^.][^/]*\/){0,2}requirements$/.test(dir) && !isAside(`${dir}/`);
}

/** Requirements that stand in a folder of that name, and what the files that were read bring in. */
export function* requirementsPaths(repo: RepoView): Iterable<string> {
  for (const dir of repo.paths.dirs()) {
    if (!isRequirementsDir(dir)) continue;
    for (const { path } of repo.paths.under(dir).slice(0, MAX_FILES)) if (isRequirements(path)) yield path;
  }
  for (const file of requirementsFiles(repo)) yield* readRequirements(file).includes;
}

/** The requirements files that were read, those that others bring in among them. */
export function requirementsFiles(repo: RepoView): readonly SourceFile[] {
  const found = new Map(repo.files.filter(({ path }) => isRequirements(path)).map((file) => [file.path, file]));
  for (const dir of repo.paths.dirs()) {
    if (!isRequirementsDir(dir)) continue;
    for (const { path } of repo.paths.under(dir).slice(0, MAX_FILES)) {
      const file = isRequirements(path) ? repo.file(path) : undefined;
      if (file) found.set(path, file);
    }
  }
  for (const file of found.values()) {
    for (const path of readRequirements(file).includes) {
      const included = found.has(path) ? undefined : repo.file(path);
      if (included) found.set(path, included);
    }
  }
  return [...found.values()];
}
