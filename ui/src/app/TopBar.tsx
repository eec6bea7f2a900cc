import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { show } from "../canvas/state";
import { IconButton } from "../components/Button";
import { Menu } from "../components/Menu";
import { useTyped } from "../components/useTyped";
import { asText } from "../graph/clipboard";
import { useDocument } from "../store/document";
import { shownTheme, type Theme, useLayout } from "../store/layout";
import { notify } from "../store/notices";
import { useLink } from "../store/session";
import { appTexts as texts } from "../texts/app";
import { Icon } from "../theme/Icon";
import { RunControl } from "./RunControl";
import { keepTitle, navigate, titleOfPage } from "./router";
import css from "./TopBar.module.css";

const SaveAs = lazy(() => import("../components/SaveAs").then(({ SaveAs }) => ({ default: SaveAs })));

const THEMES: Theme[] = ["system", "light", "dark"];

/** Title, saved state, undo, run. */
export function TopBar() {
  const { undo, redo, canUndo, canRedo } = useDocument();
  const { theme, paletteOpen, settingsOpen, change } = useLayout();
  const loading = useDocument((state) => state.phase === "loading");
  const [naming, setNaming] = useState(false);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <header className={css.bar} data-area="top">
      <div className={css.side}>
        <a
          className={css.home}
          href="/"
          aria-label={texts.home}
          title={texts.home}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            navigate("/");
          }}
        >
          <Mark />
        </a>
        <Title />
        {!loading && <SavedState onName={() => setNaming(true)} />}
      </div>
      <div className={css.side}>
        <IconButton icon="undo" label={texts.undo} disabled={!canUndo} onClick={undo} />
        <IconButton icon="redo" label={texts.redo} disabled={!canRedo} onClick={redo} />
        <span className={css.line} />
        <IconButton
          icon="list"
          label={paletteOpen ? texts.hidePalette : texts.showPalette}
          pressed={paletteOpen}
          onClick={() => change({ paletteOpen: !paletteOpen })}
        />
        <IconButton
          icon="sliders"
          label={settingsOpen ? texts.hideSettings : texts.showSettings}
          pressed={settingsOpen}
          onClick={() => change({ settingsOpen: !settingsOpen })}
        />
        <IconButton
          icon={shownTheme(theme) === "light" ? "sun" : "moon"}
          label={texts.theme[theme]}
          onClick={() => change({ theme: next })}
        />
        <IconButton icon="help" label={texts.help} onClick={() => show({ help: true })} />
        <More onName={() => setNaming(true)} />
        <RunControl />
      </div>
      {naming && (
        <Suspense fallback={null}>
          <SaveAs onClose={() => setNaming(false)} />
        </Suspense>
      )}
    </header>
  );
}

const Mark = () => (
  <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--accent)" />
    <circle cx="16" cy="16" r="8.5" fill="none" stroke="var(--on-accent)" strokeWidth="2.5" />
    <circle cx="16" cy="16" r="3" fill="var(--on-accent)" />
  </svg>
);

/** A file's own name: what a workflow without a title is called. */
const nameOf = (path: string | null): string => (path ?? "").replace(/^.*[/\\]/, "").replace(/\.peep\.json$/, "");

/** The title, changed in place. */
function Title() {
  const title = useDocument((state) => state.document.title);
  const loading = useDocument((state) => state.phase === "loading");
  const unnamed = useDocument((state) => nameOf(state.path)) || texts.untitled;
  const apply = useDocument((state) => state.apply);
  const field = useRef<HTMLInputElement>(null);
  const { shown, type, end, revert } = useTyped(title, (typed, group) => {
    apply({ op: "entitle", within: "", title: typed }, group);
  });
  const told = loading ? titleOfPage() : title || unnamed;
  useEffect(() => {
    document.title = told ? `${told} · Peephole` : "Peephole";
    if (!loading) keepTitle(told);
  }, [told, loading]);
  if (loading)
    return (
      <span className={css.title} data-loading>
        <span>{told || texts.opening}</span>
      </span>
    );
  return (
    <span className={css.title}>
      <span aria-hidden="true">{shown || unnamed}</span>
      <input
        ref={field}
        value={shown}
        size={1}
        maxLength={200}
        aria-label={texts.title}
        placeholder={unnamed}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onBlur={end}
        onKeyDown={(event) => {
          if (event.key === "Escape") revert();
          if (event.key === "Enter" || event.key === "Escape") requestAnimationFrame(() => field.current?.blur());
        }}
      />
    </span>
  );
}

function SavedState({ onName }: { onName: () => void }) {
  const { saved, path, pending } = useDocument();
  const link = useLink((state) => state.link);
  const gone = link === "gone";
  const unsent = pending.length > 0 && link !== "level";
  const words = gone
    ? texts.notKept
    : unsent
      ? texts.waiting
      : saved
        ? path
          ? texts.saved
          : texts.kept
        : texts.saving;
  const hint = path ? texts.savedIn(path) : texts.notNamed;
  return (
    <button type="button" className={css.saved} data-saved={saved && !gone} title={hint} onClick={onName}>
      {saved && !gone && <Icon name="check" size={13} />}
      <span role="status">{words}</span>
    </button>
  );
}

function More({ onName }: { onName: () => void }) {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const { id } = useDocument();
  const copy = (): void => {
    void navigator.clipboard
      .writeText(asText(useDocument.getState().document))
      .then(() => notify({ tone: "good", text: texts.copied }));
  };
  return (
    <>
      <IconButton
        icon="more"
        label={texts.more}
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setAt({ x: box.left, y: box.bottom + 6 });
        }}
      />
      {at && (
        <Menu
          label={texts.more}
          at={at}
          onClose={() => setAt(null)}
          groups={[
            [
              { label: texts.saveAs, icon: "save", run: onName },
              {
                label: texts.download,
                icon: "download",
                run: () => location.assign(`/api/documents/${encodeURIComponent(id)}/export.peep.json`),
              },
              { label: texts.copyWorkflow, icon: "copy", run: copy },
            ],
          ]}
        />
      )}
    </>
  );
}
