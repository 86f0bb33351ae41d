/** How a team opts out. Who says it otherwise is told so, and is taken at their word: in doubt it means no. */
export const OFF = 'enabled: false';

/** Whether a setting says no, however it is written (`Enabled: off`), also below another name. All but a yes is a no. */
export function optsOut(key: string, value: unknown): boolean {
  if (isSwitch(key.slice(key.lastIndexOf('.') + 1))) return !YES.test(String(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => isSwitch(name) && !YES.test(String(inner)));
}

/** The same in a file that is no valid YAML, comments aside. */
export function saysNoSomewhere(text: string): boolean {
  return NO_LINE.test(text);
}

function isSwitch(name: string): boolean {
  return name.trim().toLowerCase() === 'enabled';
}

const YES = /^\s*(?:true|yes|on|y|1)\s*$/i;
const NO_LINE = /^(?:[^#\n]*?[\s{,])?["']?enabled["']?[ \t]{0,9}:[ \t]{0,9}(?:!!\w+ )?["']?(?:false|no|off|n|0)\b/im;
