const named = (title: string): string => (title ? `“${title}”` : "a workflow without a title");

export const sessionTexts = {
  offline: "The studio is not connected just now.",
  offlineRemedy: "Try again in a moment.",
  gone: "This workflow is no longer in the studio.",
  goneRemedy: "Copy it as text if you need what you see, or open it again from the start page.",
  waiting: (title: string): string =>
    `Edits of ${named(title)} wait for the studio: leave this page open, they are sent when it is back.`,
  lost: (title: string, edits: number): string =>
    `${edits === 1 ? "An edit" : `${edits} edits`} of ${named(title)} could not be kept: it is no longer in the studio.`,
  refusedLater: (title: string, what: string): string => `An edit of ${named(title)} could not be kept: ${what}`,
};
