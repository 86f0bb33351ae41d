import type { RepoReader } from '../forge/reader.ts';
import { detect } from './detect.ts';
import { gitlabCi } from './ecosystems/gitlab-ci.ts';
import { PathIndex } from './path-index.ts';

/** The files of a repository that GitLab makes its pipelines of: `.gitlab-ci.yml`, what that includes, and child pipelines. */
export async function pipelineFiles(reader: RepoReader): Promise<ReadonlySet<string>> {
  const { files } = await detect(reader, new PathIndex(await reader.paths()), [gitlabCi]);
  return new Set(files.keys());
}
