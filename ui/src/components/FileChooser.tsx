import { useRef, useState } from "react";
import type { FolderListing, Uploaded } from "../api/generated";
import { Refusal, request } from "../api/http";
import { fileTexts } from "../texts/files";
import { Icon } from "../theme/Icon";
import { Button, IconButton } from "./Button";
import { Dialog } from "./Dialog";
import { Empty, Skeleton } from "./Empty";
import css from "./FileChooser.module.css";
import { size } from "./formats";
import { TextInput } from "./Inputs";
import { useFetched } from "./useFetched";

interface Props {
  title: string;
  mode: "read" | "write" | "folder";
  patterns?: readonly string[];
  /** What is chosen now: its folder is shown first. */
  path?: string;
  /** The name to begin with when writing. */
  name?: string;
  /** Files may be uploaded into this document's folder. */
  document?: string;
  action: string;
  problem?: string | undefined;
  onChoose: (path: string) => void;
  onClose: () => void;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Choose a file to read, a place to write to, or a folder, among those the studio may touch. */
export function FileChooser({
  title,
  mode,
  patterns = [],
  path = "",
  name = "",
  document,
  action,
  problem,
  ...done
}: Props) {
  const [folder, setFolder] = useState(() => folderOf(path));
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState(mode === "read" ? path : "");
  const [written, setWritten] = useState(() => name || path.slice(path.lastIndexOf("/") + 1));
  const [failed, setFailed] = useState("");
  const upload = useRef<HTMLInputElement>(null);
  const query = new URLSearchParams({ folder });
  if (!all) for (const pattern of patterns) query.append("patterns", pattern);
  const { data, problem: refused, loading } = useFetched<FolderListing>(`/api/files?${query}`);

  const result =
    mode === "folder" ? (data?.folder ?? "") : mode === "write" ? joined(data?.folder ?? "", written) : chosen;
  const ready = mode === "write" ? written.trim() !== "" && data !== undefined : result !== "";
  const choose = () => ready && done.onChoose(result);
  const send = async (file: File) => {
    const form = new FormData();
    form.append("file", file);
    try {
      const answer = await request(`/api/documents/${document}/upload`, { method: "POST", body: form });
      done.onChoose(((await answer.json()) as Uploaded).path);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setFailed(`${error.problem.what} ${error.problem.remedy}`);
    }
  };
  return (
    <Dialog
      title={title}
      width={560}
      onClose={done.onClose}
      actions={
        <>
          {document && mode === "read" && (
            <>
              <Button icon="upload" onClick={() => upload.current?.click()} style={{ marginRight: "auto" }}>
                {fileTexts.upload}
              </Button>
              <input
                ref={upload}
                type="file"
                hidden
                accept={patterns.map((one) => one.replace("*", "")).join(",")}
                onChange={(event) => event.target.files?.[0] && send(event.target.files[0])}
              />
            </>
          )}
          <Button onClick={done.onClose}>{fileTexts.cancel}</Button>
          <Button kind="primary" disabled={!ready} onClick={choose}>
            {action}
          </Button>
        </>
      }
    >
      <div className={css.top}>
        <IconButton
          icon="arrow-up"
          label={fileTexts.up}
          disabled={!data?.parent}
          onClick={() => setFolder(data?.parent ?? "")}
        />
        <span className={css.crumbs} title={data?.folder}>
          <bdi>{data?.folder ?? folder}</bdi>
        </span>
        {patterns.length > 0 && (
          <Button size="small" kind="quiet" onClick={() => setAll(!all)} aria-pressed={all}>
            {all ? fileTexts.onlyFitting : fileTexts.allFiles}
          </Button>
        )}
      </div>
      <div className={css.list} aria-busy={loading}>
        {!data && !refused && <Skeleton label={fileTexts.loading} lines={8} />}
        {refused && (
          <Empty icon="warning" title={refused.what}>
            {refused.remedy}
          </Empty>
        )}
        {data && data.folders.length + data.files.length === 0 && (
          <Empty icon="folder" title={fileTexts.empty}>
            {patterns.length > 0 && !all ? fileTexts.emptyOf(patterns) : undefined}
          </Empty>
        )}
        {data?.folders.map((one) => (
          <button key={one.path} type="button" className={css.item} onClick={() => setFolder(one.path)}>
            <Icon name="folder" />
            <span>{one.name}</span>
            <Icon name="chevron-right" size={14} />
          </button>
        ))}
        {mode !== "folder" &&
          data?.files.map((one) => (
            <button
              key={one.path}
              type="button"
              className={css.item}
              aria-pressed={chosen === one.path}
              onClick={() => {
                setChosen(one.path);
                setWritten(one.name);
              }}
              onDoubleClick={() => mode === "read" && done.onChoose(one.path)}
            >
              <Icon name="file" />
              <span>{one.name}</span>
              <span className={css.size}>{size(one.size)}</span>
            </button>
          ))}
        {data?.cut && <p className={css.size}>{fileTexts.cut}</p>}
      </div>
      {mode === "write" && (
        <div className={css.name}>
          <label htmlFor="file-name">{fileTexts.name}</label>
          <TextInput
            id="file-name"
            value={written}
            onChange={(event) => setWritten(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && choose()}
          />
        </div>
      )}
      {(failed || problem) && <p className={css.problem}>{failed || problem}</p>}
    </Dialog>
  );
}

/** A name in a folder; a whole path stays one. */
const joined = (folder: string, name: string): string =>
  /^~?\//.test(name.trim()) ? name.trim() : `${folder.replace(/\/$/, "")}/${name.trim()}`;
