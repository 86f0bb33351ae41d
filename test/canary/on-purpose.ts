const CLONES = 'clones that the tests make have a token in the address of their remote, as those of runners have';

/** Where tests show a secret on purpose: in which files of tests, what reads so, and why. */
export const ON_PURPOSE: readonly { readonly at: RegExp; readonly shows: RegExp; readonly why: string }[] = [
  { at: /^test\/cli\/review-(?:job|gitlab|gitlab-models)\.test\.ts$/, shows: /^\S+\/\.git\/config: /, why: CLONES },
  {
    at: /^jobs\/outcomes\/outcomes\.test\.ts$/,
    shows: /^\S+\/\d+\.git\/objects\/\S+: …blob /,
    why: 'a file of a project has a secret in a line, which nobody may keep or tell',
  },
  { at: /^test\/gitlab\/git-http\.test\.ts$/, shows: /^\S+\/\.git\/config: /, why: CLONES },
  {
    at: /^test\/gitlab\/(?:git-http|rules)\.test\.ts$/,
    shows: /^Error: …git (?:clone|push|ls-remote) /,
    why: 'git is shown a token in an address, and what it was called with stands in the error of a call that the double refuses',
  },
  {
    at: /^test\/gitlab\/routes\/projects\.test\.ts$/,
    shows: /^GET \/api\/v4\/groups of GitLab: \S+\?private_token=/,
    why: 'the double knows a token in the address, too, as GitLab does',
  },
];
