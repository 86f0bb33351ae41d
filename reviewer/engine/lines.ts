/**
 * Cuts text into its lines, whatever pieces it comes in.
 *
 * @param most Characters of one line.
 * @throws RangeError where one is longer.
 */
export function lineCutter(most: number, onLine: (line: string) => void): (piece: string) => void {
  let begun: string[] = [];
  let length = 0;
  return (piece) => {
    let from = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', from)) {
      grow(piece.slice(from, end));
      const line = begun.join('');
      begun = [];
      length = 0;
      from = end + 1;
      onLine(line);
    }
    grow(piece.slice(from));
  };

  function grow(part: string): void {
    length += part.length;
    if (length > most) throw new RangeError(`a line of more than ${most} characters`);
    if (part !== '') begun.push(part);
  }
}
