import { dialogTexts } from "../texts/dialogs";
import { Button } from "./Button";
import { useQuestion } from "./confirm";
import { Dialog } from "./Dialog";

/** The question that is being asked, if there is one; mounted once a page. */
export function Confirmations() {
  const asked = useQuestion((state) => state.asked);
  if (!asked) return null;
  return (
    <Dialog
      title={asked.title}
      width={420}
      onClose={() => asked.answer(false)}
      actions={
        <>
          <Button onClick={() => asked.answer(false)}>{dialogTexts.cancel}</Button>
          <Button kind={asked.danger ? "danger" : "primary"} onClick={() => asked.answer(true)} data-first>
            {asked.action}
          </Button>
        </>
      }
    >
      <p>{asked.text}</p>
    </Dialog>
  );
}
