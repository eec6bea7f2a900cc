import { useEffect, useMemo, useRef } from "react";
import { Button } from "../../components/Button";
import { Switch, TextArea } from "../../components/Inputs";
import { Prose } from "../../components/Prose";
import { Trace } from "../../components/Trace";
import { useTyped } from "../../components/useTyped";
import { type Block, COMPONENT, exposed, pathOf } from "../../graph/document";
import { useCatalog } from "../../store/catalog";
import { useDocument } from "../../store/document";
import { useSelection } from "../../store/selection";
import { useNodeState, useStatus } from "../../store/status";
import { leaveField, toDo, touched, useTouched } from "../../store/touched";
import { formTexts } from "../../texts/form";
import { settingsTexts } from "../../texts/settings";
import { Icon } from "../../theme/Icon";
import type { Json } from "../form/fields";
import { type Scope, ScopeContext } from "../form/scope";
import { titleAt } from "../titles";
import { fedSettings, sourceOf } from "./incoming";
import { nodeFields } from "./nodeFields";
import { noticesOf } from "./notices";
import { Ports } from "./Ports";
import { RepeatSettings } from "./RepeatSettings";
import { Section } from "./Section";
import { SettingField } from "./SettingField";
import { SheetField } from "./SheetField";
import css from "./settings.module.css";
import { sheetOf } from "./sheets";
import { useDraft } from "./useDraft";
import { wrongsOf } from "./wrongs";

interface Props {
  id: string;
  block: Block;
  within: string;
}

const ICONS = { bad: "error", warn: "warning", todo: "info" };

/** All that can be set of one node. */
export function NodeSettings({ id, block, within }: Props) {
  const path = pathOf(within, id);
  const types = useCatalog((state) => state.nodes);
  const type = types.get(block.type);
  const { apply, document, id: documentId } = useDocument();
  const ports = useStatus((status) => status.ports);
  const findings = useStatus((status) => status.findings);
  const state = useNodeState(path);
  const been = useTouched();
  const form = useRef<HTMLDivElement>(null);

  const fed = useMemo(() => fedSettings(document, within, id), [document, within, id]);
  const fields = useMemo(() => nodeFields(block, types, fed.keys()), [block, types, fed]);
  const sheet = useMemo(() => sheetOf(fields, (name) => fed.has(name)), [fields, fed]);
  const firstTable = type ? type.inputs.find((one) => one.type === "Table")?.name : firstInput(block);

  const scope = useMemo(() => {
    const columns: Scope["columns"] = (port) => {
      const source = sourceOf(document, within, id, port ?? firstTable ?? "");
      const schema = source && ports[`${source.node}.${source.port}`]?.schema;
      return schema ? schema.map(([name, kind]) => ({ name, type: kind })) : undefined;
    };
    const unknown: Scope["unknown"] = (port) => {
      const source = sourceOf(document, within, id, port ?? firstTable ?? "");
      return source ? formTexts.columnsLater(titleAt(source.node)) : formTexts.columnsUnknown;
    };
    const wrongs = wrongsOf({
      fields,
      settings: block.settings as Record<string, Json>,
      fed: new Set(fed.keys()),
      columns,
      titles: [block.title, type?.title ?? ""],
      findings: findings.filter((one) => one.node === path),
      problem: state.problem,
    });
    return {
      document: documentId,
      columns,
      unknown,
      problem: wrongs.at,
      fault: (place: string) => wrongs.at(place) !== undefined && !(wrongs.unset(place) && !touched(been, path, place)),
      leave: (place: string) => leaveField(path, place),
      position: wrongs.position,
      wrongs,
    };
  }, [
    fields,
    block.settings,
    block.title,
    fed,
    type,
    findings,
    path,
    state.problem,
    document,
    within,
    id,
    firstTable,
    ports,
    documentId,
    been,
  ]);

  useLedTo(path, form);

  const notices = noticesOf({
    titles: type || block.type === COMPONENT ? [block.title, type?.title ?? ""] : null,
    type: block.type,
    missing: type?.missing ?? [],
    findings: findings.filter((one) => one.node === path),
    problem: state.problem,
    toDo: (one) => toDo(been, path, one),
  });
  return (
    <ScopeContext value={scope}>
      <Top id={id} block={block} path={path} />
      <div ref={form} className={css.scroll}>
        {notices.map(({ tone, what, remedy, trace }) => (
          <div key={what} className={css.notice} data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
            <Icon name={ICONS[tone]} size={16} />
            <div>
              <p>
                <Prose text={what} />
              </p>
              {remedy && (
                <p>
                  <Prose text={remedy} />
                </p>
              )}
              {trace && <Trace text={trace} />}
            </div>
          </div>
        ))}
        {fields.length > 0 ? (
          <fieldset className={css.fields} aria-label={settingsTexts.settings}>
            {fields.map((named) => {
              if (named.name === sheet?.columns) return null;
              if (named.name === sheet?.rows)
                return (
                  <SheetField
                    key={`${path}:${named.name}`}
                    of={sheet}
                    settings={block.settings as Record<string, Json>}
                    title={block.title || type?.title || ""}
                    path={path}
                    within={within}
                    id={id}
                  />
                );
              const source = fed.get(named.name);
              return (
                <SettingField
                  key={`${path}:${named.name}`}
                  named={named}
                  given={block.settings[named.name] as Json | undefined}
                  problem={scope.wrongs.of(named.name)}
                  fault={scope.fault(named.name)}
                  onLeave={() => scope.leave(named.name)}
                  fed={source && `${titleAt(source.node)} (${source.port})`}
                  onSet={(value, group) =>
                    apply(
                      { op: "set", within, node: id, setting: named.name, value: value as never },
                      `${path}:${group}`,
                    )
                  }
                  onUnset={() => apply({ op: "unset", within, node: id, setting: named.name })}
                />
              );
            })}
          </fieldset>
        ) : (
          (type || block.type === COMPONENT) && <p className={css.none}>{settingsTexts.noSettings}</p>
        )}
        <RepeatSettings id={id} within={within} block={block} />
        {type && (
          <Section title={settingsTexts.ports} open>
            <Ports type={type} within={within} id={id} />
          </Section>
        )}
        <Section title={settingsTexts.remark} open={block.note !== ""}>
          <Remark key={path} id={id} within={within} note={block.note} />
          <div className={css.row}>
            <span>{settingsTexts.pin}</span>
            <Switch
              checked={block.pinned}
              aria-label={settingsTexts.pin}
              onChange={(pinned) => apply({ op: "pin", within, node: id, pinned })}
            />
          </div>
          <p className={css.doc}>{settingsTexts.pinHint}</p>
        </Section>
        {type && (
          <Section title={settingsTexts.about}>
            <p className={css.about}>
              <Prose text={type.doc || type.summary} />
            </p>
            <p className={css.about}>
              {type.effect ? settingsTexts.effect : settingsTexts.runs[type.runs]}{" "}
              <span className={css.kind}>
                {type.type}, {settingsTexts.version(type.version)}
              </span>
            </p>
          </Section>
        )}
      </div>
    </ScopeContext>
  );
}

/** The first input of a component. */
const firstInput = (block: Block): string | undefined =>
  block.inside ? [...exposed(block.inside).inputs.keys()][0] : undefined;

/** Put the cursor into the setting that a message led to. */
function useLedTo(path: string, form: React.RefObject<HTMLElement | null>) {
  const led = useSelection((state) => state.setting);
  useEffect(() => {
    if (!led || led.node !== path) return;
    const [top = led.setting] = led.setting.split(/[.[]/);
    const place =
      form.current?.querySelector(`[data-path="${CSS.escape(led.setting)}"]`) ??
      form.current?.querySelector(`[data-setting="${CSS.escape(top)}"]`);
    place?.scrollIntoView({ block: "center" });
    const control = place?.querySelector<HTMLElement>("input, textarea, select, button[role=switch], [id] button");
    control?.focus({ preventScroll: true });
  }, [led, path, form]);
}

function Top({ id, block, path }: { id: string; block: Block; path: string }) {
  const type = useCatalog((state) => state.nodes.get(block.type));
  const { apply, within } = useDocument();
  const usual = type?.title ?? (block.type === COMPONENT ? settingsTexts.component : block.type);
  const {
    shown,
    type: typing,
    end,
  } = useTyped(block.title, (title, group) => {
    apply({ op: "rename", within, node: id, title }, group);
  });
  return (
    <header className={css.top}>
      <div className={css.titleRow}>
        <span className={css.icon}>
          <Icon name={type?.icon ?? (block.type === COMPONENT ? "component" : "box")} family={type?.family} size={18} />
        </span>
        <input
          key={path}
          className={css.title}
          aria-label={settingsTexts.titleOf(usual)}
          value={shown}
          placeholder={usual}
          onChange={(event) => typing(event.target.value)}
          onBlur={end}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        />
      </div>
      {type && (
        <p className={css.summary}>
          <Prose text={type.summary} />
        </p>
      )}
      {block.type === COMPONENT && (
        <Button size="small" icon="maximize" onClick={() => useDocument.getState().enter(path)}>
          {settingsTexts.open}
        </Button>
      )}
    </header>
  );
}

function Remark({ id, within, note }: { id: string; within: string; note: string }) {
  const apply = useDocument((state) => state.apply);
  const { value, change, flush } = useDraft(note, (text) =>
    apply({ op: "annotate", within, node: id, note: String(text) }, `${pathOf(within, id)}:note`),
  );
  return (
    <TextArea
      aria-label={settingsTexts.remark}
      placeholder={settingsTexts.remarkHint}
      rows={2}
      value={String(value ?? "")}
      onChange={(event) => change(event.target.value, { typing: true })}
      onBlur={flush}
    />
  );
}
