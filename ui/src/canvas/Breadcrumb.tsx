import { faceOf } from "../graph/faces";
import { useCatalog } from "../store/catalog";
import { useDocument } from "../store/document";
import { useSelection } from "../store/selection";
import { canvasTexts as texts } from "../texts/canvas";
import { Icon } from "../theme/Icon";
import css from "./Breadcrumb.module.css";

/** Which component is looked into, and the way out. */
export function Breadcrumb() {
  const { within, document, enter } = useDocument();
  const types = useCatalog((state) => state.nodes);
  if (!within) return null;
  const steps = within.split("/");
  let level = document;
  const crumbs = steps.map((step, i) => {
    const block = level.nodes[step];
    level = block?.inside ?? level;
    return { path: steps.slice(0, i + 1).join("/"), title: block ? faceOf(block, types).title : step };
  });
  const go = (path: string): void => {
    enter(path);
    useSelection.getState().select([]);
  };
  return (
    <nav className={css.crumbs} aria-label={texts.path}>
      <button type="button" onClick={() => go("")}>
        {document.title || texts.workflow}
      </button>
      {crumbs.map(({ path, title }) => (
        <span key={path}>
          <Icon name="chevron-right" size={13} />
          <button type="button" aria-current={path === within ? "location" : undefined} onClick={() => go(path)}>
            {title}
          </button>
        </span>
      ))}
    </nav>
  );
}
