import type { RecentFile } from "../api/generated";
import { ago } from "../components/formats";
import { startTexts } from "../texts/start";
import { Icon } from "../theme/Icon";
import css from "./start.module.css";

const SHOWN = 8;

/** Workflows that were open before, the latest first. */
export function Recent({ recent, onChoose }: { recent: RecentFile[]; onChoose: (one: RecentFile) => void }) {
  return (
    <section className={css.section}>
      <h2>{startTexts.recent}</h2>
      {recent.length === 0 && <p className={css.none}>{startTexts.noRecent}</p>}
      <div className={css.list}>
        {recent.slice(0, SHOWN).map((one) => (
          <button key={one.path ?? one.id} type="button" className={css.item} onClick={() => onChoose(one)}>
            <Icon name="component" />
            <strong>{one.title}</strong>
            <span className={css.when}>{ago(one.changed)}</span>
            <span className={css.where} title={one.path ?? undefined}>
              <bdi>{one.path ?? startTexts.unnamed}</bdi>
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
