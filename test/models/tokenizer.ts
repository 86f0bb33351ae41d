import type { ChatRequest } from './check-request.ts';

export interface Tokenizer {
  encode(text: string): readonly number[];
  /** One piece a token; several tokens that are one character together are one piece. */
  pieces(text: string): readonly string[];
  /** The prompt in the order in which it is sent: tools, then messages, each behind a token of its own that cuts it off. */
  prompt(request: ChatRequest): readonly number[];
}

/** Prompts share most of their text: what was tokenised before is not again. */
const REMEMBERED = 256;

export async function loadTokenizer(): Promise<Tokenizer> {
  const { encode, decodeGenerator, vocabularySize } = await import('gpt-tokenizer/encoding/o200k_base');
  const known = new Map<string, readonly number[]>();
  /** What looks like a control token in a text is text. */
  const plain = { disallowedSpecial: new Set<string>() };

  const tokenizer: Tokenizer = {
    encode(text) {
      const tokens = known.get(text) ?? encode(text, plain);
      known.delete(text);
      known.set(text, tokens);
      if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
      return tokens;
    },
    pieces: (text) => [...decodeGenerator(encode(text, plain))].filter((piece) => piece !== ''),
    prompt({ tools, messages }) {
      const parts: number[] = [];
      const add = (text: string, before: number) => {
        parts.push(before);
        for (const token of tokenizer.encode(text)) parts.push(token);
      };
      if (Array.isArray(tools)) for (const tool of tools) add(JSON.stringify(tool), vocabularySize + 1);
      for (const { role, content, ...rest } of messages) {
        add(role, vocabularySize + 2);
        if (typeof content === 'string') add(content, vocabularySize + 3);
        else if (Array.isArray(content)) for (const { text } of content) add(text, vocabularySize + 3);
        if (Object.keys(rest).length > 0) add(JSON.stringify(rest), vocabularySize + 4);
      }
      parts.push(vocabularySize + 5);
      return parts;
    },
  };
  return tokenizer;
}
