import { useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { TextInput } from "../components/Inputs";
import { dialogTexts } from "../texts/dialogs";
import { startTexts } from "../texts/start";

interface Props {
  title: string;
  onClose: () => void;
  onKeep: (title: string) => void;
}

/** Asks for another title of a workflow. */
export function Renaming({ title, onClose, onKeep }: Props) {
  const [typed, setTyped] = useState(title);
  const wanted = typed.trim();
  const keep = (): void => {
    if (wanted) onKeep(wanted);
  };
  return (
    <Dialog
      title={startTexts.renameTitle}
      width={420}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{dialogTexts.cancel}</Button>
          <Button kind="primary" disabled={!wanted} onClick={keep}>
            {startTexts.rename}
          </Button>
        </>
      }
    >
      <TextInput
        data-first
        aria-label={startTexts.title}
        value={typed}
        maxLength={200}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && keep()}
      />
    </Dialog>
  );
}
