import { useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { formTexts } from "../../texts/form";
import { Icon } from "../../theme/Icon";
import { Control } from "./Control";
import { emptyValue, type Json } from "./fields";
import css from "./form.module.css";
import { type Of, useScope } from "./scope";

type Pair = [string, Json];

/** The pairs as an object; of two with one name the last counts, and one without a name is not in it yet. */
const asObject = (pairs: readonly Pair[]): Record<string, Json> =>
  Object.fromEntries(pairs.filter(([key]) => key !== ""));

export function DictControl({ field, value, onChange, path, id, label }: Of<"dict">) {
  const scope = useScope();
  const given = value && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
  const [unnamed, setUnnamed] = useState<Json | undefined>(undefined);
  const pairs: Pair[] = [...(given as Pair[]), ...(unnamed === undefined ? [] : [["", unnamed] as Pair])];
  const change = (next: Pair[], how?: { typing: boolean }) => {
    const left = next.find(([key]) => key === "");
    setUnnamed(left?.[1]);
    onChange(asObject(next), how);
  };
  return (
    <fieldset id={id} className={css.entries} aria-label={label}>
      {pairs.map(([key, one], index) => {
        const at = `${path}[${key}]`;
        const problem = key === "" ? undefined : scope.problem(at);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being edited
          <div key={index}>
            <div className={css.pair}>
              <Control
                field={field.key}
                value={key}
                path={at}
                id={`${id}-key-${index}`}
                label={formTexts.pairKey(label, index + 1)}
                onChange={(name, how) =>
                  change(
                    pairs.map((pair, other) => (other === index ? [String(name), pair[1]] : pair)),
                    how,
                  )
                }
              />
              <Icon name="arrow-right" size={12} />
              <Control
                field={field.value}
                value={one}
                path={at}
                id={`${id}-value-${index}`}
                label={formTexts.pairValue(label, index + 1)}
                onChange={(next, how) =>
                  change(
                    pairs.map((pair, other) => (other === index ? [pair[0], next] : pair)),
                    how,
                  )
                }
              />
              <IconButton
                icon="trash"
                size="tiny"
                label={formTexts.removeEntry(index + 1)}
                onClick={() => change(pairs.filter((_, other) => other !== index))}
              />
            </div>
            {problem && <span className={css.innerProblem}>{problem}</span>}
          </div>
        );
      })}
      <Button
        className={css.add}
        size="small"
        icon="plus"
        disabled={unnamed !== undefined}
        onClick={() => setUnnamed(emptyValue(field.value))}
      >
        {formTexts.addOne("")}
      </Button>
    </fieldset>
  );
}
