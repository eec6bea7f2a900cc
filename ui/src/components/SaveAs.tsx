import { useState } from "react";
import type { Saved } from "../api/generated";
import { postJson, Refusal } from "../api/http";
import { useDocument } from "../store/document";
import { notify } from "../store/notices";
import { dialogTexts } from "../texts/dialogs";
import { fileTexts } from "../texts/files";
import { confirm } from "./confirm";
import { FileChooser } from "./FileChooser";

const ENDING = ".peep.json";
const named = (path: string): string => (path.endsWith(ENDING) ? path : `${path.replace(/\.json$/, "")}${ENDING}`);

/** A file name made of a title. */
export const fileName = (title: string): string =>
  `${
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .replaceAll(/^-|-$/g, "") || "workflow"
  }${ENDING}`;

/** Save the workflow under a name; from then on its edits are saved there. */
export function SaveAs({ onClose }: { onClose: () => void }) {
  const { id, path, title } = useDocument();
  const [problem, setProblem] = useState("");
  const save = async (chosen: string, replace = false) => {
    const target = named(chosen);
    try {
      const saved = await postJson<Saved>(`/api/documents/${encodeURIComponent(id)}/save-as`, {
        path: target,
        replace,
      });
      notify({ tone: "good", text: dialogTexts.saved(saved.path) });
      onClose();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.problem.id === "taken" && !replace) {
        const text = dialogTexts.replaceText(target.slice(target.lastIndexOf("/") + 1));
        const yes = await confirm({ title: dialogTexts.replaceTitle, text, action: dialogTexts.replace, danger: true });
        if (yes) await save(chosen, true);
      } else setProblem(`${error.problem.what} ${error.problem.remedy}`);
    }
  };
  return (
    <FileChooser
      title={fileTexts.saveAs}
      mode="write"
      patterns={[`*${ENDING}`]}
      action={fileTexts.save}
      path={path ?? ""}
      name={path ? "" : fileName(title)}
      problem={problem}
      onChoose={(chosen) => void save(chosen)}
      onClose={onClose}
    />
  );
}
