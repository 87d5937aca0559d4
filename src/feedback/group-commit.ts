/**
 * Commits what comes in while a commit runs together with the next one: a commit waits for the disk, whether it holds one
 * item or a hundred. `commit` gives one result for each item, in their order.
 */
export const groupCommit = <Item, Result>(
  commit: (items: readonly Item[]) => Promise<readonly Result[]>,
  most: number,
): ((item: Item) => Promise<Result>) => {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (reason: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let running = false;

  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const results = await commit(group.map(({ item }) => item));
        group.forEach(({ resolve, reject }, index) => {
          const result = results[index];
          if (result === undefined) reject(new RangeError('a commit must give one result for each item'));
          else resolve(result);
        });
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    running = false;
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!running) void run();
    });
};
