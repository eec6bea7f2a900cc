import { AnyControl } from "./AnyControl";
import { ChoiceControl, ChoicesControl } from "./ChoiceControls";
import { ColumnControl, ColumnsControl } from "./ColumnControls";
import { DataSetControl } from "./DataSetControl";
import { DictControl } from "./DictControl";
import { DrawnControl } from "./DrawnControl";
import { FormulaControl } from "./FormulaControl";
import type { Field } from "./fields";
import { GroupControl } from "./GroupControl";
import { ListControl } from "./ListControl";
import { OthersControl } from "./OthersControl";
import { PathControl } from "./PathControl";
import { BooleanControl, ColourControl, MultilineControl, NumberControl, TextControl } from "./PlainControls";
import type { ControlProps } from "./scope";
import { TableControl } from "./TableControl";
import { UnionControl } from "./UnionControl";

type Component = (props: ControlProps<never>) => React.ReactNode;

const CONTROLS: Record<Field["kind"], Component> = {
  text: TextControl,
  colour: ColourControl,
  multiline: MultilineControl,
  formula: FormulaControl,
  path: PathControl,
  "data-set": DataSetControl,
  column: ColumnControl,
  columns: ColumnsControl,
  number: NumberControl,
  boolean: BooleanControl,
  choice: ChoiceControl,
  choices: ChoicesControl,
  list: ListControl,
  table: TableControl,
  group: GroupControl,
  dict: DictControl,
  others: OthersControl,
  union: UnionControl,
  fixed: () => null,
  drawn: DrawnControl,
  any: AnyControl,
};

/** The control for a field of whatever kind. */
export function Control(props: ControlProps) {
  const Chosen = CONTROLS[props.field.kind] as (props: ControlProps) => React.ReactNode;
  return <Chosen {...props} />;
}
