/** How much one call of a tool may read, give and take. */
export interface ToolLimits {
  /** A larger file is not read, in bytes. */
  readonly fileBytes: number;
  /** Of a result, in characters. */
  readonly characters: number;
  /** Of a result: lines of a file, entries of a folder, matches, commits. */
  readonly lines: number;
  /** Of one line, in characters; the rest is cut off. */
  readonly lineCharacters: number;
  /** That one search looks at. */
  readonly files: number;
  /** That one search reads. */
  readonly searchBytes: number;
  /** Of one call, in ms. */
  readonly time: number;
}

export const DEFAULT_TOOL_LIMITS: ToolLimits = {
  fileBytes: 1 << 20,
  characters: 48_000,
  lines: 1000,
  lineCharacters: 1000,
  files: 20_000,
  searchBytes: 128 << 20,
  time: 10_000,
};
