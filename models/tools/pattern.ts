import { Refused } from './refusals.ts';

/** Whether a line matches. Takes linear time, whatever the pattern and the line are. */
export type LineTest = (line: string) => boolean;

/** Of a pattern, in characters. */
const LONGEST_PATTERN = 1000;
const MOST_GROUPS = 50;
/** Instructions of the compiled pattern; every character of a line may cost as many steps. */
const LARGEST_PROGRAM = 1000;

/** @throws Refused */
export async function lineTest(pattern: string, ignoreCase: boolean): Promise<LineTest> {
  if (pattern.length > LONGEST_PATTERN)
    throw new Refused('pattern-too-large', `more than ${LONGEST_PATTERN} characters`);
  // Compiling takes the longer the deeper they nest.
  if (pattern.split('(').length > MOST_GROUPS)
    throw new Refused('pattern-too-large', `more than ${MOST_GROUPS} groups`);
  const { RE2JS } = await import('re2js');
  const regex = compiled(() => RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  const size = regex.programSize();
  if (size > LARGEST_PROGRAM)
    throw new Refused('pattern-too-large', `${size} instructions; use * and + for high counts`);
  return (line) => regex.test(line);
}

function compiled<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    const why = (error as Error).message;
    throw new Refused(/repeat count|too large|expression nests/.test(why) ? 'pattern-too-large' : 'bad-pattern', why);
  }
}
