// Messages of the server as they stand beside what they are about.

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A message without the title of the node that it stands on, or under. titles: the node's own, its type's. */
export function withoutTitle(what: string, ...titles: string[]): string {
  const title = titles.find((one) => one && what.startsWith(`${one}: `));
  return title ? sentence(what.slice(title.length + 2)) : what;
}

/** A remedy without the list of all columns: pickers list them. */
export const withoutList = (remedy: string): string =>
  remedy.replace(/ ?(Columns|Settings): .*?(\.(?= [A-Z])|\.$)/, "").trim();
