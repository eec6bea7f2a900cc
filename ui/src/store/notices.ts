// Short messages at the edge of the window.

import { create } from "zustand";
import type { Problem } from "../api/generated";

export interface Notice {
  id: number;
  tone: "info" | "good" | "bad";
  text: string;
  remedy?: string | undefined;
  trace?: string | undefined;
  /** id of the problem that it tells */
  about?: string | undefined;
}

interface Notices {
  notices: readonly Notice[];
  dismiss(id: number): void;
}

let count = 0;

export const useNotices = create<Notices>()((set) => ({
  notices: [],
  dismiss: (id) => set((state) => ({ notices: state.notices.filter((one) => one.id !== id) })),
}));

/** Show a message. What is bad stays until it is closed; the same text is shown once. */
export function notify(notice: Omit<Notice, "id">): void {
  count += 1;
  const id = count;
  useNotices.setState(({ notices }) => ({
    notices: [...notices.filter((one) => one.text !== notice.text), { ...notice, id }].slice(-4),
  }));
  if (notice.tone !== "bad") setTimeout(() => useNotices.getState().dismiss(id), 5000);
}

export const notifyProblem = ({ id, what, remedy, trace }: Problem): void =>
  notify({ tone: "bad", text: what, remedy, trace, about: id });

/** What told of this problem goes: it is one no longer. */
export const settle = (about: string): void =>
  useNotices.setState(({ notices }) => ({ notices: notices.filter((one) => one.about !== about) }));
