/** Whether every word is somewhere in it, in any order. */
export function isFound(words: string, text: string): boolean {
  const whole = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
