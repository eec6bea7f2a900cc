export const pickerTexts = {
  remove: (name: string) => `Remove ${name}`,
  unfit: (name: string) => `${name}: not in what comes in, or of a type that does not fit`,
  all: "Choose all",
  nothing: "Choose none",
};
