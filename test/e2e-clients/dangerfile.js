// Run by danger, which puts these names there.
/* global danger, message, warn */
const { mr, commits } = danger.gitlab;
message(`${mr.title}: ${commits.length} commit, ${danger.git.modified_files.join(', ')} changed`);
const text = danger.gitlab.utils.fileContents('README.md', danger.gitlab.metadata.repoSlug, mr.source_branch);
schedule(
  Promise.resolve(text).then((content) => {
    if (content.includes('two')) warn('README.md says two');
  }),
);
