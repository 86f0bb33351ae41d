/** Tokens of a text, estimated: four characters make one, in English and in code. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
