import { ReactFlowProvider } from "@xyflow/react";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { Canvas } from "../canvas/Canvas";
import { focusCanvas } from "../canvas/focus";
import { Overview } from "../canvas/Overview";
import { Palette } from "../canvas/Palette";
import { Button } from "../components/Button";
import { Empty } from "../components/Empty";
import { TrustBanner } from "../components/TrustBanner";
import { loadCatalog, useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";
import { useLayout } from "../store/layout";
import { notify } from "../store/notices";
import { closeDocument, openDocument } from "../store/session";
import { appTexts as texts } from "../texts/app";
import { useFetchedAhead } from "./ahead";
import { beginNow } from "./begin";
import css from "./Editor.module.css";
import { Offline } from "./Offline";
import { navigate } from "./router";
import { Splitter } from "./Splitter";
import { TopBar } from "./TopBar";
import { useOpening } from "./useOpening";

const SettingsPanel = lazy(() => import("../panels/SettingsPanel").then((one) => ({ default: one.SettingsPanel })));
const PortPanel = lazy(() => import("../panels/PortPanel").then((one) => ({ default: one.PortPanel })));

/** A workflow: nodes left, canvas in the middle, what lies at a port below, settings right. */
export default function Editor({ id }: { id: string }) {
  const phase = useDocument((state) => state.phase);
  const opened = useDocument((state) => state.id);
  const problem = useDocument((state) => state.problem);
  const loaded = useCatalog((state) => state.loaded);

  useEffect(() => {
    void loadCatalog().catch((error: Error) => notify({ tone: "bad", text: error.message }));
    void openDocument(id);
    return closeDocument;
  }, [id]);

  useFetchedAhead();
  useEffect(() => {
    if (phase === "ready" && loaded && opened === id) beginNow(id);
  }, [phase, loaded, opened, id]);

  if (phase === "failed")
    return (
      <main className={css.failed}>
        <Empty icon="warning" title={texts.failed}>
          {problem?.what} {problem?.remedy}
        </Empty>
        <Button kind="primary" icon="home" onClick={() => navigate("/")}>
          {texts.home}
        </Button>
      </main>
    );
  return (
    <ReactFlowProvider>
      <div className={css.editor}>
        <button type="button" className={css.skip} onClick={focusCanvas}>
          {texts.skip}
        </button>
        <TopBar />
        <Offline />
        <TrustBanner />
        <div className={css.work}>
          <Left />
          <main className={css.middle}>
            <div className={css.canvas}>{phase === "ready" && loaded ? <Canvas key={id} /> : null}</div>
            <Below key={phase} />
          </main>
          <Right />
        </div>
      </div>
    </ReactFlowProvider>
  );
}

function Left() {
  const { paletteOpen, paletteWidth, minimap, narrow, change } = useLayout();
  if (!paletteOpen) return null;
  return (
    <div className={css.left} style={{ width: paletteWidth }} data-area="palette" data-over={narrow}>
      <Palette />
      {minimap && <Overview />}
      <Splitter
        label={texts.resizePalette}
        side="left"
        size={paletteWidth}
        least={180}
        most={420}
        onChange={(width) => change({ paletteWidth: width })}
      />
    </div>
  );
}

function Right() {
  const { settingsOpen, settingsWidth, narrow, change } = useLayout();
  if (!settingsOpen) return null;
  return (
    <div className={css.right} style={{ width: settingsWidth }} data-area="settings" data-over={narrow}>
      <Splitter
        label={texts.resizeSettings}
        side="right"
        size={settingsWidth}
        least={260}
        most={560}
        onChange={(width) => change({ settingsWidth: width })}
      />
      <Later>
        <SettingsPanel />
      </Later>
    </div>
  );
}

function Below() {
  const { portHeight, change } = useLayout();
  const open = useOpening();
  return (
    <div className={css.below} style={open ? { height: portHeight } : undefined} data-area="below">
      {open && (
        <Splitter
          label={texts.resizeBelow}
          side="bottom"
          size={portHeight}
          least={120}
          most={760}
          onChange={(height) => change({ portHeight: height })}
        />
      )}
      <Later>
        <PortPanel open={open} />
      </Later>
    </div>
  );
}

const Later = ({ children }: { children: ReactNode }) => <Suspense fallback={null}>{children}</Suspense>;
