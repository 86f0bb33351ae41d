import { joinPath } from '../../path-index.ts';
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
