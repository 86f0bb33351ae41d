/** The words that a path is made of, in lower case: `src/OAuthClient/user_session.rb` has `src o auth client user session rb`. */
export function wordsOf(path: string): readonly string[] {
  return path
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The folders of a path, and its name. */
export function partsOf(path: string): { readonly folders: readonly string[]; readonly name: string } {
  const parts = path.split('/');
  return { folders: parts.slice(0, -1), name: parts.at(-1)! };
}
