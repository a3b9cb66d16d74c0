export type File = { name: string; bytes: number; text: string };

type Embed = {
  title?: string;
  description?: string;
  fields?: { name: string; value: string }[];
  footer?: { text: string };
  author?: { name: string };
};

type Body = {
  content?: string | null;
  nonce?: string | number;
  embeds?: Embed[] | null;
  attachments?: { id: string | number; filename?: string }[];
};

/** What Discord documents about messages in words: lengths are of characters, not of UTF-16 units. */
export function overLimits(body: Body, files: readonly File[]): string[] {
  const embeds = body.embeds ?? [];
  return [
    ...most("content", body.content, 2000),
    ...most("nonce", body.nonce?.toString(), 25),
    ...more("embeds", embeds.length, 10),
    ...embeds.flatMap((embed, at) => overEmbed(`embeds[${at}]`, embed)),
    ...more("embeds together", embeds.map(sizeOf).reduce(sum, 0), 6000),
    ...more("files", files.length, 10),
    ...files.flatMap(({ name, bytes }) => more(`file ${name}`, bytes, 10 * 1024 * 1024)),
    ...more("files together", files.map(({ bytes }) => bytes).reduce(sum, 0), 25 * 1024 * 1024),
  ];
}

export function isEmpty(body: Body, files: readonly File[]): boolean {
  return !body.content?.trim() && (body.embeds ?? []).length === 0 && files.length === 0;
}

function overEmbed(name: string, embed: Embed): string[] {
  const fields = embed.fields ?? [];
  return [
    ...most(`${name}.title`, embed.title, 256),
    ...most(`${name}.description`, embed.description, 4096),
    ...more(`${name}.fields`, fields.length, 25),
    ...fields.flatMap((field, at) => [
      ...required(`${name}.fields[${at}].name`, field.name),
      ...required(`${name}.fields[${at}].value`, field.value),
      ...most(`${name}.fields[${at}].name`, field.name, 256),
      ...most(`${name}.fields[${at}].value`, field.value, 1024),
    ]),
    ...most(`${name}.footer`, embed.footer?.text, 2048),
    ...most(`${name}.author`, embed.author?.name, 256),
  ];
}

function sizeOf({ title, description, fields = [], footer, author }: Embed): number {
  const texts = [
    title,
    description,
    footer?.text,
    author?.name,
    ...fields.flatMap(({ name, value }) => [name, value]),
  ];
  return texts.map(length).reduce(sum, 0);
}

function most(name: string, text: string | null | undefined, limit: number): string[] {
  return more(name, length(text), limit);
}

function more(name: string, count: number, limit: number): string[] {
  return count > limit ? [`${name}: ${count} of at most ${limit}`] : [];
}

function required(name: string, text: string): string[] {
  return text.trim() === "" ? [`${name}: This field is required`] : [];
}

function length(text: string | null | undefined): number {
  return Array.from(text ?? "").length;
}

function sum(a: number, b: number): number {
  return a + b;
}
