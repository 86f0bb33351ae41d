/** Files of tests that show a secret on purpose: which, what reads so, and why. */
export const ON_PURPOSE: readonly { readonly at: RegExp; readonly shows: RegExp; readonly why: string }[] = [];
