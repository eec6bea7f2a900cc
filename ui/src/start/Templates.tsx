import type { Start } from "../api/generated";
import { useTheme } from "../store/layout";
import { startTexts } from "../texts/start";
import css from "./start.module.css";

interface Props {
  start: Start;
  /** Name of what is being opened. */
  busy: string;
  onChoose: (name: string) => void;
}

/** The templates, each with its canvas as a picture. */
export function Templates({ start, busy, onChoose }: Props) {
  const theme = useTheme();
  return (
    <section className={css.section}>
      <h2>{startTexts.templates}</h2>
      <p className={css.lead}>{start.templates.length > 0 ? startTexts.templatesLead : startTexts.noTemplates}</p>
      <div className={css.gallery}>
        {start.templates.map(({ name, title, description }) => (
          <button
            key={name}
            type="button"
            className={css.card}
            disabled={busy !== ""}
            aria-busy={busy === name}
            onClick={() => onChoose(name)}
          >
            <span className={css.picture}>
              <img
                src={`/api/templates/${encodeURIComponent(name)}/picture.svg?theme=${theme}`}
                alt={startTexts.picture(title)}
                loading="lazy"
              />
            </span>
            <span className={css.words}>
              <strong>{busy === name ? startTexts.opening : title}</strong>
              <span>{description}</span>
            </span>
          </button>
        ))}
      </div>
    </section>
  );
}
