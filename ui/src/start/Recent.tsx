import { useState } from "react";
import type { RecentFile } from "../api/generated";
import { post, Refusal, request } from "../api/http";
import { IconButton, LinkButton } from "../components/Button";
import { confirm } from "../components/confirm";
import { ago } from "../components/formats";
import { Menu } from "../components/Menu";
import { notify, notifyProblem } from "../store/notices";
import { startTexts } from "../texts/start";
import { Icon } from "../theme/Icon";
import { Renaming } from "./Renaming";
import css from "./start.module.css";

const SHOWN = 8;

interface Props {
  recent: RecentFile[];
  onChoose: (one: RecentFile) => void;
  /** The list is another now. */
  onChanged: () => void;
}

/** Workflows that were open before, the latest first. */
export function Recent({ recent, onChoose, onChanged }: Props) {
  const [all, setAll] = useState(false);
  const [menu, setMenu] = useState<{ of: RecentFile; x: number; y: number } | null>(null);
  const [renaming, setRenaming] = useState<RecentFile | null>(null);
  const shown = all ? recent : recent.slice(0, SHOWN);

  const change = async (work: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await work();
      notify({ tone: "good", text: done });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      notifyProblem(error.problem);
    }
    onChanged();
  };
  const remove = async (one: RecentFile): Promise<void> => {
    const text = startTexts.deleteText(one.title);
    const question = { title: startTexts.deleteTitle, text, action: startTexts.delete, danger: true };
    if (one.path === null && !(await confirm(question))) return;
    const done = one.path === null ? startTexts.deleted(one.title) : startTexts.removed(one.title);
    await change(() => request(of(one), { method: "DELETE" }), done);
  };
  const rename = async (one: RecentFile, title: string): Promise<void> => {
    setRenaming(null);
    if (title !== one.title) await change(() => post(`${of(one)}/rename`, { title }), startTexts.renamed(title));
  };
  return (
    <section className={css.section}>
      <h2>{startTexts.recent}</h2>
      {recent.length === 0 && <p className={css.none}>{startTexts.noRecent}</p>}
      <ul className={css.list}>
        {shown.map((one) => (
          <li key={one.id} className={css.row}>
            <button type="button" className={css.item} onClick={() => onChoose(one)}>
              <Icon name="component" />
              <strong title={one.title}>{one.title}</strong>
              <span className={css.when}>{ago(one.used)}</span>
              <span className={css.where} title={one.path ?? undefined}>
                <bdi>{one.path ?? startTexts.unnamed}</bdi>
              </span>
            </button>
            <IconButton
              icon="more"
              size="tiny"
              label={startTexts.more(one.title)}
              aria-haspopup="menu"
              onClick={(event) => {
                const { right, bottom } = event.currentTarget.getBoundingClientRect();
                setMenu({ of: one, x: right, y: bottom + 4 });
              }}
            />
          </li>
        ))}
      </ul>
      {recent.length > SHOWN && (
        <LinkButton className={css.all} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? startTexts.fewer : startTexts.allRecent(recent.length)}
        </LinkButton>
      )}
      {menu && (
        <Menu
          label={startTexts.more(menu.of.title)}
          at={menu}
          onClose={() => setMenu(null)}
          groups={[
            [
              { label: startTexts.rename, icon: "edit", run: () => setRenaming(menu.of) },
              menu.of.path === null
                ? { label: startTexts.delete, icon: "trash", danger: true, run: () => void remove(menu.of) }
                : { label: startTexts.remove, icon: "close", run: () => void remove(menu.of) },
            ],
          ]}
        />
      )}
      {renaming && (
        <Renaming
          title={renaming.title}
          onClose={() => setRenaming(null)}
          onKeep={(title) => void rename(renaming, title)}
        />
      )}
    </section>
  );
}

const of = (one: RecentFile): string => `/api/documents/${encodeURIComponent(one.id)}`;
