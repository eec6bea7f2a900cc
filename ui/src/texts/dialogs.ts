export const dialogTexts = {
  close: "Close",
  cancel: "Cancel",
  dismiss: "Put away",
  told: "Notices",
  trace: "Technical details",
  saved: (path: string) => `Saved as ${path}`,
  replaceTitle: "Replace the file?",
  replaceText: (name: string) => `There is a file named “${name}” already. What is in it will be lost.`,
  replace: "Replace it",
  trustTitle: "Let this workflow run?",
  trustHead: "This workflow came from elsewhere.",
  trustWhy: "It holds nodes that run code, write files or read outside your folders. Look through it; then let it run.",
  trustText:
    "Its nodes may run code, write files and read outside your folders, as you could yourself. Only let a workflow run whose maker you trust.",
  trustAction: "Let it run",
};
