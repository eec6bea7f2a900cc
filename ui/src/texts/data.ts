export const dataTexts = {
  loading: "Looking up the data sets",
  search: "Search data sets",
  none: "No data set has this in its name",
  rows: (count: string) => `${count} rows`,
  here: "on this machine",
  fetched: "fetched when first used",
};
