/** Looks every 5 ms until it is done. Throws after 5 s, naming what was waited for. */
export async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Waited 5 s for ${what}.`);
}
