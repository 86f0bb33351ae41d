import type { Listed } from '../bounded-reader.ts';
import type { TreeBlob } from './tree.ts';

/**
 * Small files that are asked for sooner or later of almost any repository: what people wrote for newcomers, agents and
 * owners. They ride along with the first request for others, where there is room in it.
 */
export function companions(files: readonly Listed<TreeBlob>[]): readonly TreeBlob[] {
  return files
    .filter(({ path, kind }) => kind !== 'submodule' && (ANYWHERE.test(path) || AT_THE_TOP.test(path)))
    .sort((a, b) => depth(a.path) - depth(b.path))
    .map(({ blob }) => blob);
}

const ANYWHERE = /(?:^|\/)(?:AGENTS|CLAUDE)\.md$/i;
const AT_THE_TOP =
  /^(?:(?:readme|contributing)(?:\.[a-z]+)?|\.agentsmd\.ya?ml|\.agentsmd\/[^/]+|catalog-info\.ya?ml|(?:\.gitlab\/|docs\/|\.github\/)?codeowners|\.gitattributes|\.editorconfig|\.github\/copilot-instructions\.md)$/i;

function depth(path: string): number {
  return path.split('/').length;
}
