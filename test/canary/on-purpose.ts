/** Where tests show a secret on purpose: in which files of tests, what reads so, and why. */
export const ON_PURPOSE: readonly { readonly at: RegExp; readonly shows: RegExp; readonly why: string }[] = [
  {
    at: /^test\/cli\/review-job\.test\.ts$/,
    shows: /^\S+\/\.git\/config: /,
    why: 'clones that the tests make have a token in the address of their remote, as those of runners have',
  },
];
