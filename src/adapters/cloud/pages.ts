/** One page of a list; the next one is asked for where there is more. */
export type Page<Item> = { items: Item[]; more: boolean };

/** All of a list: what a provider answers without being asked for more is only its beginning. */
export async function allPages<Item>(read: (page: number) => Promise<Page<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  for (let page = 1; ; page++) {
    const { items, more } = await read(page);
    found.push(...items);
    if (!more || items.length === 0) return found;
  }
}
