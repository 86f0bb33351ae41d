/** Whether a name can be typed as it is: what a shell would take apart is nothing to tell a person. */
export function isTypable(name: string): boolean {
  return name.length <= 80 && /^[^\s"'`$;&|<>()\\!*?{}[\]~#=]+$/.test(name) && !name.startsWith('-');
}
