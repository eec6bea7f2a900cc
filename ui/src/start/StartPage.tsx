import { useState } from "react";
import type { NewDocument, Opened, Start } from "../api/generated";
import { postJson, Refusal } from "../api/http";
import { Button } from "../components/Button";
import { DataSets } from "../components/DataSets";
import { Dialog } from "../components/Dialog";
import { Empty, Skeleton } from "../components/Empty";
import { FileChooser } from "../components/FileChooser";
import { Segments } from "../components/Inputs";
import { useFetched } from "../components/useFetched";
import { type Theme, useLayout } from "../store/layout";
import { notifyProblem } from "../store/notices";
import { fileTexts } from "../texts/files";
import { startTexts } from "../texts/start";
import { Icon } from "../theme/Icon";
import { Recent } from "./Recent";
import css from "./start.module.css";
import { Templates } from "./Templates";

interface Props {
  /** Show the document with this id. title: as far as it is known; `dataSet`: begin with this data set. */
  open: (id: string, title: string, dataSet?: string) => void;
}

/** Where one begins: templates, recent workflows, a new one, a file, a data set. */
export function StartPage({ open }: Props) {
  const [asked, setAsked] = useState(0);
  const { data, problem } = useFetched<Start>("/api/start", asked);
  const [asking, setAsking] = useState<"file" | "data" | null>(null);
  const [busy, setBusy] = useState("");
  const [failed, setFailed] = useState("");

  const begin = async (wanted: NewDocument, name: string, dataSet?: string) => {
    setBusy(name);
    setFailed("");
    try {
      const { id, title } = await postJson<Opened>("/api/documents", wanted);
      open(id, title, dataSet);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setFailed(`${error.problem.what} ${error.problem.remedy}`);
      if (asking !== "file") notifyProblem(error.problem);
    } finally {
      setBusy("");
    }
  };
  return (
    <main className={css.page}>
      <div className={css.inner}>
        <Top version={data?.version} />
        <div className={css.hero}>
          <div>
            <h1>{startTexts.heading}</h1>
            <p>{startTexts.lead}</p>
          </div>
          <div className={css.actions}>
            <Button icon="folder-open" onClick={() => setAsking("file")}>
              {startTexts.open}
            </Button>
            <Button kind="primary" icon="plus" disabled={busy !== ""} onClick={() => begin({}, "new")}>
              {startTexts.fresh}
            </Button>
          </div>
        </div>
        {problem && (
          <Empty icon="warning" title={problem.what}>
            {problem.remedy}
          </Empty>
        )}
        {!data && !problem && <Skeleton label={startTexts.loading} lines={10} />}
        {data && (
          <div className={css.columns}>
            <Templates start={data} busy={busy} onChoose={(name) => begin({ template: name }, name)} />
            <div className={css.side}>
              <Recent
                recent={data.recent}
                onChoose={(one) => (one.path ? begin({ path: one.path }, one.path) : open(one.id, one.title))}
                onChanged={() => setAsked((before) => before + 1)}
              />
              <section className={css.section}>
                <h2>{startTexts.dataSets}</h2>
                <p className={css.lead}>{startTexts.dataSetsLead}</p>
                <Button className={css.more} icon="database" onClick={() => setAsking("data")}>
                  {startTexts.browse}
                </Button>
              </section>
              <Folders folders={data.folders} />
            </div>
          </div>
        )}
      </div>
      {asking === "file" && (
        <FileChooser
          title={startTexts.openTitle}
          mode="read"
          patterns={["*.peep.json"]}
          action={fileTexts.open}
          problem={failed}
          onClose={() => setAsking(null)}
          onChoose={(path) => begin({ path }, path)}
        />
      )}
      {asking === "data" && (
        <Dialog title={startTexts.choose} width={620} onClose={() => setAsking(null)}>
          <DataSets onChoose={(one) => begin({}, one.name, one.name)} />
        </Dialog>
      )}
    </main>
  );
}

function Top({ version }: { version: string | undefined }) {
  const { theme, change } = useLayout();
  return (
    <header className={css.top}>
      <span className={css.brand}>
        <img src="/icon.svg" alt="" />
        {startTexts.brand}
      </span>
      {version && <span className={css.version}>{startTexts.version(version)}</span>}
      <div className={css.theme}>
        <Segments<Theme>
          label={startTexts.theme}
          name="theme"
          options={[
            ["light", startTexts.light],
            ["dark", startTexts.dark],
            ["system", startTexts.system],
          ]}
          value={theme}
          onChange={(chosen) => change({ theme: chosen })}
        />
      </div>
    </header>
  );
}

function Folders({ folders }: { folders: string[] }) {
  return (
    <section className={css.section}>
      <h2>{startTexts.folders}</h2>
      <p className={css.lead}>{startTexts.foldersLead}</p>
      <ul className={css.list}>
        {folders.map((folder) => (
          <li key={folder} className={css.item}>
            <Icon name="folder" />
            <span className={css.where} title={folder}>
              <bdi>{folder}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
