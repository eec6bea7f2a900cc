import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { gridTexts } from "../../texts/grid";
import { imageType } from "./cells";
import css from "./grid.module.css";
import { Picture } from "./Picture";

interface Props {
  title: string;
  text: string;
  value: unknown;
  onCopy: () => void;
  onClose: () => void;
}

/** One value in full. */
export function Whole({ title, text, value, onCopy, onClose }: Props) {
  const picture = value instanceof Uint8Array && imageType(value) ? value : null;
  return (
    <Dialog
      title={title}
      width={640}
      onClose={onClose}
      actions={
        !picture && (
          <Button icon="copy" onClick={onCopy}>
            {gridTexts.copyCell}
          </Button>
        )
      }
    >
      {picture ? (
        <div className={css.picture}>
          <Picture bytes={picture} />
        </div>
      ) : (
        <pre className={css.whole}>{value === null || value === undefined ? gridTexts.missing : text}</pre>
      )}
    </Dialog>
  );
}
