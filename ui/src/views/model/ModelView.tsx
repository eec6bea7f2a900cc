import { useState } from "react";
import type { ModelFacts } from "../../api/generated";
import { LinkButton } from "../../components/Button";
import { Skeleton } from "../../components/Empty";
import { count } from "../../components/formats";
import { useFetched } from "../../components/useFetched";
import { typeIcon } from "../../panels/form/columns";
import { modelTexts } from "../../texts/model";
import { Icon } from "../../theme/Icon";
import { portPath } from "../grid/pages";
import type { ViewProps } from "../view";
import { Bars } from "./Bars";
import css from "./model.module.css";
import { TreeDrawing } from "./TreeDrawing";

const CLASSES = 24;
const FEATURES = 30;

/** What a model is, and what it has learnt, where that can be read. */
export default function ModelView({ document, node, port, fresh, refused }: ViewProps) {
  const { data, problem } = useFetched<ModelFacts>(portPath({ document, node, port }, "model"), fresh);
  if (problem) return <>{refused(problem)}</>;
  if (!data) return <Skeleton label={modelTexts.loading} />;
  const groups = [...new Set(data.coefficients?.map((one) => one.target) ?? [])];
  return (
    <div className={css.page} style={{ containerType: "inline-size" }}>
      <h3 className={css.title}>{data.title}</h3>
      <div className={css.columns}>
        <Facts model={data} />
        <div>
          {data.importance && data.importance.length > 0 && (
            <section className={css.block}>
              <h4 className={css.subhead}>{modelTexts.importance}</h4>
              <Bars entries={data.importance.map(({ feature, value }) => [feature, value])} />
            </section>
          )}
          {groups.map((target) => (
            <section key={target} className={css.block}>
              <h4 className={css.subhead}>
                {target === null ? modelTexts.coefficients : modelTexts.coefficientsOf(target)}
              </h4>
              <Bars
                entries={(data.coefficients ?? [])
                  .filter((one) => one.target === target)
                  .map(({ feature, value }) => [feature, value])}
              />
            </section>
          ))}
          {data.tree && (
            <section className={css.block}>
              <h4 className={css.subhead}>
                {modelTexts.tree}
                <span className={css.aside}>
                  {modelTexts.treeSize(data.tree.depth, count(data.tree.leaves))}
                  {data.tree.shown < data.tree.depth && `; ${modelTexts.treeShown(data.tree.shown)}`}
                </span>
              </h4>
              <TreeDrawing tree={data.tree} classes={data.classes} />
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

function Facts({ model }: { model: ModelFacts }) {
  const [all, setAll] = useState(false);
  const features = all ? model.features : model.features.slice(0, FEATURES);
  return (
    <div>
      <dl className={css.facts}>
        <dt>{modelTexts.task}</dt>
        <dd>{model.task}</dd>
        {model.target && (
          <>
            <dt>{modelTexts.target}</dt>
            <dd>{model.target}</dd>
          </>
        )}
        <dt>{modelTexts.estimator}</dt>
        <dd>{model.estimator}</dd>
        {Object.entries(model.facts).map(([name, text]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {model.classes.length > 0 && (
        <section className={css.block} style={{ marginTop: 18 }}>
          <h4 className={css.subhead}>{modelTexts.classes(model.classes.length)}</h4>
          <div className={css.chips}>
            {model.classes.slice(0, CLASSES).map((one) => (
              <span key={one} className={css.chip}>
                {one}
              </span>
            ))}
            {model.classes.length > CLASSES && (
              <span className={css.aside}>{modelTexts.moreClasses(model.classes.length - CLASSES)}</span>
            )}
          </div>
        </section>
      )}
      <section className={css.block} style={{ marginTop: 18 }}>
        <h4 className={css.subhead}>{modelTexts.features(model.features.length)}</h4>
        <div className={css.chips}>
          {features.map(([name, type]) => (
            <span key={name} className={css.chip} title={`${name}, ${type}`}>
              <Icon name={typeIcon(type)} size={12} />
              {name}
            </span>
          ))}
        </div>
        {features.length < model.features.length && (
          <LinkButton onClick={() => setAll(true)}>{modelTexts.showAll(model.features.length)}</LinkButton>
        )}
      </section>
    </div>
  );
}
