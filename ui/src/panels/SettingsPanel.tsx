import { useId } from "react";
import { TextArea, TextInput } from "../components/Inputs";
import { countNodes } from "../graph/document";
import { useDocument, useLevel } from "../store/document";
import { chosenNode, useSelection } from "../store/selection";
import { useStatus } from "../store/status";
import { settingsTexts } from "../texts/settings";
import { Icon } from "../theme/Icon";
import { NodeSettings } from "./settings/NodeSettings";
import css from "./settings/settings.module.css";
import { useDraft } from "./settings/useDraft";

/** What is chosen, and all that can be set of it; with nothing chosen, the workflow itself. */
export function SettingsPanel() {
  const level = useLevel();
  const within = useDocument((state) => state.within);
  const chosen = useSelection(chosenNode);
  const count = useSelection((state) => state.ids.length);
  const block = chosen ? level.nodes[chosen] : undefined;
  const note = chosen ? level.notes[chosen] : undefined;
  const frame = chosen ? level.frames[chosen] : undefined;
  return (
    <aside className={css.panel} aria-label={settingsTexts.panel}>
      {chosen && block ? (
        <NodeSettings key={`${within}/${chosen}`} id={chosen} block={block} within={within} />
      ) : chosen && note ? (
        <NoteSettings key={chosen} id={chosen} />
      ) : chosen && frame ? (
        <FrameSettings key={chosen} id={chosen} />
      ) : count > 1 ? (
        <Heading icon="select-area" title={settingsTexts.many(count)} hint={settingsTexts.manyHint} />
      ) : (
        <WorkflowSettings />
      )}
    </aside>
  );
}

function Heading({ icon, title, hint }: { icon: string; title: string; hint?: string }) {
  return (
    <header className={css.top}>
      <div className={css.titleRow}>
        <span className={css.icon}>
          <Icon name={icon} size={18} />
        </span>
        <h2 className={css.title} style={{ lineHeight: "28px" }}>
          {title}
        </h2>
      </div>
      {hint && <p className={css.summary}>{hint}</p>}
    </header>
  );
}

function WorkflowSettings() {
  const { document, apply } = useDocument();
  const findings = useStatus((status) => status.findings);
  const toSetting = useSelection((state) => state.toSetting);
  const select = useSelection((state) => state.select);
  const title = useDraft(document.title, (value) =>
    apply({ op: "entitle", within: "", title: String(value) }, "workflow:title"),
  );
  const description = useDraft(document.description, (value) =>
    apply({ op: "entitle", within: "", description: String(value) }, "workflow:description"),
  );
  return (
    <>
      <Heading
        icon="component"
        title={settingsTexts.workflow}
        hint={`${settingsTexts.nodes(countNodes(document))}. ${settingsTexts.hint}`}
      />
      <div className={css.scroll}>
        <div className={css.fields}>
          <Labelled label={settingsTexts.workflowTitle}>
            {(id) => (
              <TextInput
                id={id}
                value={String(title.value ?? "")}
                onChange={(event) => title.change(event.target.value, { typing: true })}
                onBlur={title.flush}
              />
            )}
          </Labelled>
          <Labelled label={settingsTexts.description}>
            {(id) => (
              <TextArea
                id={id}
                rows={5}
                placeholder={settingsTexts.descriptionHint}
                value={String(description.value ?? "")}
                onChange={(event) => description.change(event.target.value, { typing: true })}
                onBlur={description.flush}
              />
            )}
          </Labelled>
        </div>
        {findings.length > 0 && (
          <>
            <h3 className={css.subhead} style={{ padding: "8px 16px 0" }}>
              {settingsTexts.problems}
            </h3>
            {findings.map((one) => (
              <button
                key={`${one.node}:${one.what}`}
                type="button"
                className={css.notice}
                data-tone={one.severity === "error" ? "bad" : "warn"}
                style={{ width: "calc(100% - 32px)", marginTop: 6, textAlign: "left" }}
                onClick={() => (one.setting ? toSetting(one.node, one.setting) : one.node && select([one.node]))}
              >
                <Icon name={one.severity === "error" ? "error" : "warning"} />
                <span style={{ minWidth: 0, overflowWrap: "anywhere" }}>{one.what}</span>
              </button>
            ))}
          </>
        )}
      </div>
    </>
  );
}

function NoteSettings({ id }: { id: string }) {
  const note = useLevel().notes[id];
  const apply = useDocument((state) => state.apply);
  const { value, change, flush } = useDraft(
    note?.text ?? "",
    (text) => note && apply({ op: "edit-note", id, note: { ...note, text: String(text) } }, `${id}:note`),
  );
  return (
    <>
      <Heading icon="note" title={settingsTexts.note} />
      <div className={css.fields}>
        <Labelled label={settingsTexts.noteText}>
          {(id) => (
            <TextArea
              id={id}
              rows={10}
              value={String(value ?? "")}
              onChange={(event) => change(event.target.value, { typing: true })}
              onBlur={flush}
            />
          )}
        </Labelled>
      </div>
    </>
  );
}

function FrameSettings({ id }: { id: string }) {
  const frame = useLevel().frames[id];
  const apply = useDocument((state) => state.apply);
  const { value, change, flush } = useDraft(
    frame?.title ?? "",
    (title) => frame && apply({ op: "edit-frame", id, frame: { ...frame, title: String(title) } }, `${id}:frame`),
  );
  return (
    <>
      <Heading icon="frame" title={settingsTexts.frame} />
      <div className={css.fields}>
        <Labelled label={settingsTexts.frameTitle}>
          {(id) => (
            <TextInput
              id={id}
              value={String(value ?? "")}
              onChange={(event) => change(event.target.value, { typing: true })}
              onBlur={flush}
            />
          )}
        </Labelled>
      </div>
    </>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => React.ReactNode }) {
  const id = useId();
  return (
    <div className={css.stacked}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {children(id)}
    </div>
  );
}
