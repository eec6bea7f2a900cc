import { useId } from "react";
import type { Finding } from "../api/generated";
import { TextArea, TextInput } from "../components/Inputs";
import { countNodes } from "../graph/document";
import { useDocument, useLevel } from "../store/document";
import { chosenNode, useSelection } from "../store/selection";
import { useStatus } from "../store/status";
import { toDo, useTouched } from "../store/touched";
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

const ICONS = { bad: "error", warn: "warning", todo: "info" };

function WorkflowSettings() {
  const { document, apply } = useDocument();
  const findings = useStatus((status) => status.findings);
  const been = useTouched();
  const tone = (one: Finding) => (toDo(been, one.node, one) ? "todo" : one.severity === "error" ? "bad" : "warn");
  const toSetting = useSelection((state) => state.toSetting);
  const select = useSelection((state) => state.select);
  return (
    <>
      <Heading
        icon="component"
        title={settingsTexts.workflow}
        hint={`${settingsTexts.nodes(countNodes(document))}. ${settingsTexts.hint}`}
      />
      <div className={css.scroll}>
        <div className={css.fields}>
          <TextField
            label={settingsTexts.workflowTitle}
            text={document.title}
            onChange={(title) => apply({ op: "entitle", within: "", title }, "workflow:title")}
          />
          <TextField
            label={settingsTexts.description}
            text={document.description}
            rows={5}
            placeholder={settingsTexts.descriptionHint}
            onChange={(description) => apply({ op: "entitle", within: "", description }, "workflow:description")}
          />
        </div>
        {findings.length > 0 && (
          <>
            <h3 className={css.subhead} style={{ padding: "8px 16px 0" }}>
              {findings.every((one) => tone(one) === "todo") ? settingsTexts.toDo : settingsTexts.problems}
            </h3>
            {findings.map((one) => (
              <button
                key={`${one.node}:${one.what}`}
                type="button"
                className={css.notice}
                data-tone={tone(one)}
                style={{ width: "calc(100% - 32px)", marginTop: 6, textAlign: "left" }}
                onClick={() => (one.setting ? toSetting(one.node, one.setting) : one.node && select([one.node]))}
              >
                <Icon name={ICONS[tone(one)]} />
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
  return (
    <>
      <Heading icon="note" title={settingsTexts.note} />
      <div className={css.fields}>
        <TextField
          label={settingsTexts.noteText}
          text={note?.text ?? ""}
          rows={10}
          onChange={(text) => note && apply({ op: "edit-note", id, note: { ...note, text } }, `${id}:note`)}
        />
      </div>
    </>
  );
}

function FrameSettings({ id }: { id: string }) {
  const frame = useLevel().frames[id];
  const apply = useDocument((state) => state.apply);
  return (
    <>
      <Heading icon="frame" title={settingsTexts.frame} />
      <div className={css.fields}>
        <TextField
          label={settingsTexts.frameTitle}
          text={frame?.title ?? ""}
          onChange={(title) => frame && apply({ op: "edit-frame", id, frame: { ...frame, title } }, `${id}:frame`)}
        />
      </div>
    </>
  );
}

interface TextProps {
  label: string;
  text: string;
  /** of a text of several lines */
  rows?: number;
  placeholder?: string;
  onChange: (text: string) => void;
}

/** A text with its name above; what is typed takes effect a moment later. */
function TextField({ label, text, rows, placeholder, onChange }: TextProps) {
  const id = useId();
  const { value, change, flush } = useDraft(text, (next) => onChange(String(next)));
  const field = {
    id,
    placeholder,
    value: String(value ?? ""),
    onChange: (event: { target: { value: string } }) => change(event.target.value, { typing: true }),
    onBlur: flush,
  };
  return (
    <div className={css.stacked}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {rows ? <TextArea rows={rows} {...field} /> : <TextInput {...field} />}
    </div>
  );
}
