// The help sheet: what each key does. `Mod` is Ctrl, or ⌘ on a Mac.

interface Section {
  title: string;
  keys: readonly (readonly [string, string])[];
}

export const shortcutTexts: readonly Section[] = [
  {
    title: "Adding and wiring",
    keys: [
      ["/", "Search for a node to add"],
      ["Tab", "Add the next node, wired to the chosen one"],
      ["C", "Connect to ..."],
      ["N", "Write a note"],
      ["F", "Put a frame around what is chosen"],
      ["Mod V", "Paste nodes, or files"],
    ],
  },
  {
    title: "Moving about",
    keys: [
      ["← →", "Along the wires"],
      ["↑ ↓", "To the node above or below"],
      ["Shift arrows", "Move what is chosen"],
      ["Enter", "To the settings"],
      ["F6", "To the next part of the window"],
      ["O", "Open a network"],
      ["Mod ↓", "Open a component"],
      ["Mod ↑", "Leave it"],
    ],
  },
  {
    title: "Editing",
    keys: [
      ["Mod Z", "Undo"],
      ["Mod Shift Z", "Redo"],
      ["F2", "Rename"],
      ["Delete", "Remove; wires heal where they fit"],
      ["Mod C · X · V", "Copy, cut, paste"],
      ["Mod D", "Duplicate"],
      ["Mod A", "Choose everything"],
      ["Mod G", "Make a component of what is chosen"],
      ["Mod Shift G", "Take a component apart"],
      ["L", "Tidy up"],
      ["V", "Show what comes out on the node"],
      ["P", "Pin: keep the result"],
      ["Shift F10", "Menu"],
    ],
  },
  {
    title: "Running",
    keys: [
      ["Mod Enter", "Run what is stale, or stop"],
      ["R", "Run to here"],
    ],
  },
  {
    title: "Looking",
    keys: [
      ["+ −", "Zoom"],
      ["0", "Show everything"],
      ["1", "Natural size"],
      ["?", "This sheet"],
    ],
  },
  {
    title: "Mouse",
    keys: [
      ["Double-click", "On the canvas: search for a node. On a component: open it"],
      ["Drag", "The canvas: move it. A port: draw a wire"],
      ["Shift drag", "Choose with a box"],
      ["Wheel", "Zoom"],
      ["Drop on a wire", "The node goes into it"],
      ["Right click", "Menu"],
    ],
  },
];
