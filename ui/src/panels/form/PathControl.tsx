import { useState } from "react";
import { Button } from "../../components/Button";
import { FileChooser } from "../../components/FileChooser";
import { TextInput } from "../../components/Inputs";
import { fileTexts } from "../../texts/files";
import css from "./form.module.css";
import { type Of, useScope } from "./scope";

export function PathControl({ field, value, onChange, path, id, label, describedBy }: Of<"path">) {
  const scope = useScope();
  const [open, setOpen] = useState(false);
  const text = typeof value === "string" ? value : "";
  const mode = field.mode === "write" || field.mode === "folder" ? field.mode : "read";
  return (
    <div className={css.path}>
      <TextInput
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={scope.fault(path)}
        value={text}
        title={text}
        placeholder={field.patterns[0]?.replace("*", "name")}
        onChange={(event) =>
          onChange(event.target.value === "" && field.nullable ? null : event.target.value, { typing: true })
        }
      />
      <Button icon="folder-open" aria-label={fileTexts.browse} title={fileTexts.browse} onClick={() => setOpen(true)} />
      {open && (
        <FileChooser
          title={mode === "folder" ? fileTexts.chooseFolder : fileTexts.chooseFile}
          action={fileTexts.choose}
          mode={mode}
          patterns={field.patterns}
          path={text}
          document={scope.document}
          onClose={() => setOpen(false)}
          onChoose={(chosen) => {
            setOpen(false);
            onChange(chosen);
          }}
        />
      )}
    </div>
  );
}
