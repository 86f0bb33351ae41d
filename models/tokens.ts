/**
 * Texts are counted in pieces: a tokenizer may take quadratic time over one endless word, and what is counted here is not ours.
 * Each cut costs a token at most.
 */
const PIECE = 4096;

/** Vocabularies other than o200k need more tokens for the same text, by up to so much. */
const OTHER_VOCABULARY = 1.2;
const O200K = /(?:^|[/.-])(?:gpt|chatgpt|o\d)(?:[-.\d]|$)/i;

export interface Tokenizer {
  /** Never throws, whatever the text. */
  count(text: string): Promise<number>;
}

/** The vocabulary is two megabytes: it is loaded with the first count. */
export function openTokenizer(): Tokenizer {
  let loaded: Promise<(text: string) => number> | undefined;
  return {
    async count(text) {
      loaded ??= load();
      const count = await loaded;
      let tokens = 0;
      for (let at = 0; at < text.length; at += PIECE) tokens += count(text.slice(at, at + PIECE));
      return tokens;
    },
  };
}

/** By how much a count in o200k is to be multiplied for the model. */
export function vocabularyFactor(modelId: string): number {
  return O200K.test(modelId) ? 1 : OTHER_VOCABULARY;
}

async function load(): Promise<(text: string) => number> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // Without this a text that holds `<|endoftext|>` makes it throw.
  const asText = { disallowedSpecial: new Set<string>() };
  return (text) => countTokens(text, asText);
}
