import type { SourceFile } from '../../source-file.ts';

/** A lane of a Fastfile: what people run as `fastlane [platform] <name>`. */
export interface Lane {
  readonly name: string;
  /** `ios`, `mac`, `android` where it stands in a `platform` block. */
  readonly platform: string | undefined;
  readonly isPrivate: boolean;
  readonly description: string | undefined;
  readonly file: SourceFile;
  readonly line: number;
  /** What it does, line by line, as shell text where that is known. */
  readonly body: readonly string[];
  /** First words of its lines: names of other lanes among them. */
  readonly calls: readonly string[];
}

const LANE = /^(\s*)(private_lane|lane)[\s(]+:([\w?!]+)\)?\s*(?:do|\{)/;
const PLATFORM = /^(\s*)platform[\s(]+:(\w+)\)?\s*do/;

/** Reads lanes by the indentation of their blocks, as every Fastfile that was seen is written. */
export function lanesOf(file: SourceFile): readonly Lane[] {
  const lanes: Lane[] = [];
  let platform: { readonly name: string; readonly indent: string } | undefined;
  let says: string[] = [];
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line).slice(0, 1000);
    const opens = PLATFORM.exec(text);
    if (opens) platform = { name: opens[2]!, indent: opens[1]! };
    else if (platform && text.trimEnd() === `${platform.indent}end`) platform = undefined;
    const description = /^\s*desc[\s(]+(?:"([^"]*)"|'([^']*)')/.exec(text);
    if (description) says.push(description[1] ?? description[2] ?? '');
    const lane = LANE.exec(text);
    if (!lane) continue;
    const end = endOf(file, line, lane[1]!);
    lanes.push({
      name: lane[3]!,
      platform: platform?.name,
      isPrivate: lane[2] === 'private_lane' || lane[3]!.startsWith('_'),
      description: says.length === 0 ? undefined : says.join(' '),
      file,
      line,
      ...contentOf(file, line + 1, end),
    });
    says = [];
    line = end;
  }
  return lanes;
}

/** The line of the `end` that stands as deep as the lane itself; the last line where there is none. */
function endOf(file: SourceFile, start: number, indent: string): number {
  for (let line = start + 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (text.startsWith(`${indent}end`) || text.startsWith(`${indent}}`)) return line;
    if (LANE.test(text.slice(0, 1000))) return line - 1;
  }
  return file.lines.count;
}

function contentOf(file: SourceFile, from: number, to: number): Pick<Lane, 'body' | 'calls'> {
  const body: string[] = [];
  const calls: string[] = [];
  for (let line = from; line <= to; line++) {
    const text = file.lines.line(line).slice(0, 1000);
    if (/^\s*#/.test(text)) continue;
    const shell = /^\s*(?:\w+\s*=\s*)?sh[\s(]+(?:command:\s*)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/.exec(text);
    const command = shell?.[1] ?? shell?.[2];
    if (command !== undefined && !command.includes('#{')) body.push(command.replace(/^cd \.\. *(?:&&|;) */, ''));
    const first = /^\s*(?:\w+\s*=\s*)?([a-z]\w*)\b(?!\s*=[^=~>]|\.)/.exec(text)?.[1];
    if (first === undefined) continue;
    calls.push(first);
    const does = Object.hasOwn(ACTIONS, first) ? ACTIONS[first] : undefined;
    // The arguments may go on below; the mode is what matters, and stands near.
    if (does) body.push(first === 'swiftlint' && mends(file, line, to) ? 'swiftlint --fix' : does);
  }
  return { body, calls };
}

function mends(file: SourceFile, from: number, to: number): boolean {
  for (let line = from; line < Math.min(to, from + 6); line++) {
    if (/mode:\s*:(?:fix|autocorrect)/.test(file.lines.line(line))) return true;
  }
  return false;
}

/**
 * Actions of fastlane and the shell command they stand for. What is only known when they run is a variable, so that
 * nobody is told to type it. https://docs.fastlane.tools/actions/
 */
const ACTIONS: Readonly<Record<string, string>> = {
  run_tests: 'xcodebuild test -scheme "$SCHEME"',
  scan: 'xcodebuild test -scheme "$SCHEME"',
  build_app: 'xcodebuild build -scheme "$SCHEME"',
  build_ios_app: 'xcodebuild build -scheme "$SCHEME"',
  build_mac_app: 'xcodebuild build -scheme "$SCHEME"',
  gym: 'xcodebuild build -scheme "$SCHEME"',
  swiftlint: 'swiftlint',
  cocoapods: 'pod install',
  bundle_install: 'bundle install',
  rubocop: 'rubocop',
};
