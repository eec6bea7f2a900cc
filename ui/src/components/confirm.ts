import { create } from "zustand";

export interface Question {
  title: string;
  text: string;
  /** What the button that goes on says. */
  action: string;
  danger?: boolean;
}

interface State {
  asked: (Question & { answer: (yes: boolean) => void }) | null;
}

export const useQuestion = create<State>(() => ({ asked: null }));

/** Ask before something that cannot be taken back. */
export function confirm(question: Question): Promise<boolean> {
  useQuestion.getState().asked?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      useQuestion.setState({ asked: null });
      resolve(yes);
    };
    useQuestion.setState({ asked: { ...question, answer } });
  });
}
