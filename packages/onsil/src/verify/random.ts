/**
 * Numbers that look random and are the same for the same seed: Park and Miller's minimal standard
 * generator (Communications of the ACM 31/10, 1988).
 * @returns a function that gives a whole number from 0 to below its argument, at most 2³¹ − 2
 */
export function randomNumbers(seed: number): (below: number) => number {
  let state = (Math.abs(seed) % 2147483646) + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
