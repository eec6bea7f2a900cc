import { Command } from "cmdk";
import { useMemo, useState } from "react";
import { Dialog } from "../components/Dialog";
import { PortMark } from "../components/PortMark";
import { SETTINGS } from "../graph/document";
import { EDGE_IN, EDGE_OUT, faceOf } from "../graph/faces";
import { type Partner, partners } from "../graph/fits";
import { useCatalog } from "../store/catalog";
import { useLevel } from "../store/document";
import { canvasTexts as texts } from "../texts/canvas";
import { Icon } from "../theme/Icon";
import { connect, feedSetting, nameOf } from "./actions";
import { focusBox } from "./focus";
import css from "./SearchPalette.module.css";
import { show, useCanvas } from "./state";

interface Choice {
  key: string;
  own: string;
  side: "in" | "out";
  partner: Partner;
}

/** "Connect to ...": wiring without a mouse. Lists every port that fits. */
export function ConnectDialog() {
  const connecting = useCanvas((state) => state.connect);
  const level = useLevel();
  const types = useCatalog((state) => state.nodes);
  const choices = useMemo(() => {
    const block = connecting ? level.nodes[connecting.node] : undefined;
    if (!connecting) return [];
    const { node, end } = connecting;
    const ports: { side: "in" | "out"; name: string }[] = end
      ? [{ side: end.side, name: end.port }]
      : block
        ? [
            ...faceOf(block, types).outputs.map(({ name }) => ({ side: "out" as const, name })),
            ...faceOf(block, types).inputs.map(({ name }) => ({ side: "in" as const, name })),
          ]
        : [];
    const own = node === EDGE_IN || node === EDGE_OUT ? "" : node;
    return ports.flatMap(({ side, name }) =>
      partners(level, own, name, side, types).map(
        (partner): Choice => ({
          key: `${side} ${name} ${partner.node} ${partner.port.name}`,
          own: name,
          side,
          partner,
        }),
      ),
    );
  }, [connecting, level, types]);
  if (!connecting) return null;
  const close = (): void => {
    show({ connect: null });
    focusBox(connecting.node);
  };
  const choose = (key: string): void => {
    const choice = choices.find((one) => one.key === key);
    if (choice) connect(choice.partner.wire);
    close();
  };
  return (
    <Dialog title={texts.connectTitle(nameOf(connecting.node))} onClose={close} width={520}>
      <Chooser
        label={texts.connectLabel}
        none={texts.noPartner}
        choices={choices.map(({ key, own, side, partner }) => ({
          key,
          words: `${partner.title} ${partner.port.name} ${own}`,
          content: (
            <>
              <PortMark type={partner.type ?? ""} />
              <div className={css.words}>
                <div className={css.name}>
                  {texts.partner(partner.title, partner.port.name.replace(SETTINGS, ""), side)}
                  <span>{texts.ownPort(own, side)}</span>
                </div>
                {partner.replaces && <div className={css.summary}>{texts.replaces}</div>}
              </div>
            </>
          ),
        }))}
        onChoose={choose}
      />
    </Dialog>
  );
}

/** A value dropped on a node: which setting shall it feed? */
export function FeedDialog() {
  const feed = useCanvas((state) => state.feed);
  const level = useLevel();
  const types = useCatalog((state) => state.nodes);
  const block = feed ? level.nodes[feed.node] : undefined;
  if (!feed || !block) return null;
  const face = faceOf(block, types);
  const close = (): void => show({ feed: null });
  return (
    <Dialog title={texts.feedTitle(face.title)} onClose={close}>
      <Chooser
        label={texts.feedLabel}
        none={texts.noSetting}
        choices={face.settings.map((name) => ({
          key: name,
          words: name,
          content: (
            <>
              <Icon name="sliders" />
              <div className={css.words}>
                <div className={css.name}>{name}</div>
                <div className={css.summary}>{face.nodeType?.setting_docs[name]}</div>
              </div>
            </>
          ),
        }))}
        onChoose={(name) => {
          close();
          feedSetting(feed.end, feed.node, name);
        }}
      />
    </Dialog>
  );
}

interface ChooserProps {
  label: string;
  none: string;
  choices: { key: string; words: string; content: React.ReactNode }[];
  onChoose: (key: string) => void;
}

function Chooser({ label, none, choices, onChoose }: ChooserProps) {
  const [typed, setTyped] = useState("");
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = choices.filter(({ words }) => wanted.every((one) => words.toLowerCase().includes(one)));
  return (
    <Command shouldFilter={false} loop label={label} className={css.dialog}>
      <div className={css.field}>
        <Icon name="search" />
        <Command.Input data-first value={typed} onValueChange={setTyped} placeholder={label} />
      </div>
      <Command.List className={css.list}>
        {shown.length === 0 && (
          <Command.Item disabled className={css.empty}>
            {none}
          </Command.Item>
        )}
        {shown.map(({ key, content }) => (
          <Command.Item key={key} value={key} className={css.item} onSelect={onChoose}>
            {content}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
