"""The commands, one a module: HELP, ORDER, add_arguments, execute. A new module is a new command."""
