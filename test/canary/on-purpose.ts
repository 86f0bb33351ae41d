/** Where tests show a secret on purpose: in which files of tests, what reads so, and why. */
export const ON_PURPOSE: readonly { readonly at: RegExp; readonly shows: RegExp; readonly why: string }[] = [
  {
    at: /^test\/cli\/review-job\.test\.ts$/,
    shows: /^\S+\/\.git\/config: /,
    why: 'the clone of a job has its token in the address of its remote: a runner of GitLab puts it there',
  },
];
