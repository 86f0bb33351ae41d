import { ecosystem } from '../ecosystem.ts';
import { pipelineSignals } from './jenkins/pipeline.ts';

/**
 * Jenkins: the shell steps of each stage, with the folders, conditions and variables that are written down. What shared
 * libraries run is not here to be read. https://www.jenkins.io/doc/book/pipeline/syntax/
 */
export const jenkins = ecosystem({
  id: 'jenkins',
  title: 'Jenkins',
  files: ['Jenkinsfile', 'Jenkinsfile*', '*.jenkinsfile', '/jenkins/*.groovy', '/.jenkins/*.groovy', '/ci/*.groovy'],
  depth: 2,
  *detect(repo) {
    for (const file of repo.files) {
      if (/\.(?:gdsl|md|txt|ya?ml|xml|sh|py)$/.test(file.name)) continue;
      yield* pipelineSignals(file, repo.paths.isFile('Jenkinsfile'));
    }
  },
});
