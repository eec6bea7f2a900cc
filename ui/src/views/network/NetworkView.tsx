import type { NetworkFacts, NodeState } from "../../api/generated";
import { Empty, Skeleton } from "../../components/Empty";
import { count } from "../../components/formats";
import { useFetched } from "../../components/useFetched";
import { modelTexts } from "../../texts/model";
import Curves from "../chart/Curves";
import { portPath } from "../grid/pages";
import css from "../model/model.module.css";
import type { ViewProps } from "../view";
import { keptOn, shownFacts } from "./kept";
import { layersOf } from "./layers";

const texts = modelTexts.network;

/** A network: its layers with what they give and how many parameters they have, and how training went. */
export default function NetworkView({ document, node, port, fresh, refused, state }: ViewProps & { state: NodeState }) {
  const { data, problem } = useFetched<NetworkFacts>(portPath({ document, node, port }, "network"), fresh);
  if (problem) return <>{refused(problem)}</>;
  if (!data) return <Skeleton label={texts.loading} />;
  const layers = layersOf(data.network);
  const running = state.state === "running" && Object.keys(state.curves).length > 0;
  const curves = running ? state.curves : data.history;
  const points = Math.max(0, ...Object.values(curves).map((curve) => curve.length));
  const total = data.facts.parameters;
  return (
    <div className={css.page} style={{ containerType: "inline-size" }}>
      <div className={css.columns}>
        <dl className={css.facts}>
          {shownFacts(data.facts).map(([name, words]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <div>
          <section className={css.block}>
            <h4 className={css.subhead}>
              {texts.layers}
              {typeof total === "number" && <span className={css.aside}>{texts.total(count(total))}</span>}
            </h4>
            {layers.length === 0 ? (
              <Empty icon="layers" title={texts.nothing} />
            ) : (
              <table className={css.layers}>
                <thead>
                  <tr>
                    <th scope="col">{texts.layer}</th>
                    <th scope="col">{texts.kind}</th>
                    <th scope="col">{texts.shape}</th>
                    <th scope="col" className={css.n}>
                      {texts.parameters}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {layers.map((layer) => (
                    <tr key={layer.key}>
                      <td>{layer.name}</td>
                      <td>{layer.kind}</td>
                      <td>{layer.shape}</td>
                      <td className={css.n}>{layer.parameters === null ? texts.notKnown : count(layer.parameters)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
          {points > 0 && (
            <section className={css.block}>
              <h4 className={css.subhead}>{texts.history}</h4>
              <div className={css.curves}>
                <Curves
                  state={{ curves, points: running ? state.points : points, per: "epoch" }}
                  kept={running ? null : keptOn(data.facts, points)}
                />
              </div>
            </section>
          )}
        </div>
      </div>
    </div>
  );
}
