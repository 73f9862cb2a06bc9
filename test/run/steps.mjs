// Progress lines: every long step says that it started, that it still runs, and how long it took.

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Runs `work`, printing its title, a line every 20 seconds, and the time at the end. Rethrows. */
export async function step(title, work) {
  const start = Date.now();
  console.log(`… ${title}`);
  const beat = setInterval(() => console.log(`  … ${title}: ${seconds(start)}`), 20_000);
  beat.unref();
  try {
    const result = await work();
    console.log(`✓ ${title} (${seconds(start)})`);
    return result;
  } catch (error) {
    console.log(`✗ ${title} (${seconds(start)})`);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** A failure with a text for people: it is printed without a stack. */
export class Stop extends Error {}
