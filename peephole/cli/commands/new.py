"""`peephole new`: a new workflow, empty or from a template."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "make a new workflow, empty or from a template"
ORDER = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, nargs="?", help="the workflow to make (*.peep.json)")
    parser.add_argument("--template", metavar="NAME", help="start from this template, the files it needs included")
    parser.add_argument("--list", action="store_true", help="list the templates")


def execute(args: argparse.Namespace) -> int:
    """Make it; gives the exit code."""
    from peephole.cli.codes import Code
    from peephole.cli.errors import UsageError
    from peephole.studio.templates import copy_template
    from peephole.workflow.files import workflow_path

    if args.list:
        _list()
        return Code.OK
    if args.file is None:
        raise UsageError("The new workflow needs a name.", remedy="For example: peephole new flights.peep.json")
    path = workflow_path(args.file)
    if path.exists():
        raise UsageError(f"There is a file {path} already.", remedy="Choose another name.")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", remedy="Make it first, or choose another.")
    if args.template:
        copy_template(args.template, path)
    else:
        _empty(path)
    print(f"{path} is ready. Run it: peephole run {path}")
    return Code.OK


def _empty(path: Path) -> None:
    from peephole.workflow.document import Document
    from peephole.workflow.files import SUFFIX, save

    title = path.name.removesuffix(SUFFIX).replace("-", " ").replace("_", " ").strip().capitalize()
    save(Document(title=title), path)


def _list() -> None:
    from peephole.studio.templates import templates, workflow_of
    from peephole.workflow.files import load

    found = templates()
    for name, folder in found.items():
        document = load(workflow_of(folder))
        line = document.description.strip().splitlines()[0] if document.description.strip() else document.title
        print(f"{name:<20}  {line}")
    if not found:
        print("No templates are installed.")
