/** Values that their issuers print in their own documentation, and those of emulators: everybody's. */
const PUBLIC = new Set([
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  // Azurite and the storage emulator before it.
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  // The Cosmos DB emulator.
  'C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==',
]);

const SAYS_SO =
  /example|sample|dummy|fake|mock|placeholder|redact|change-?me|replace|your[-_]?|insert|foobar|x{4}|\*{3}|\.{3}|0{6}|1234567|7654321|abcdef(?![0-9a-f])|lorem|deadbeef|secret|token|password|test[-_]?key|test_/i;

/** True where a value only shows what a secret looks like. `value` is the token, `body` what is random in it. */
export function isShownOnly(value: string, body: string): boolean {
  return PUBLIC.has(value) || SAYS_SO.test(body) || entropy(body) < 2.9 || isRow(body);
}

/** Bits per character: 16 random capitals have some 3.5, 32 random hexadecimal digits 3.6, words under 3. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** `a1b2c3d4`, `abc123xyz789`: the characters, or every other one, follow each other. */
function isRow(body: string): boolean {
  return [1, 2].some((step) => {
    let follow = 0;
    for (let i = step; i < body.length; i++) {
      const change = body.charCodeAt(i) - body.charCodeAt(i - step);
      if (change === 1 || change === -1 || change === 0) follow++;
    }
    return body.length > step && follow / (body.length - step) > 0.4;
  });
}
