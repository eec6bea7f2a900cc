"""How a workflow runs: catalog, plan, store, run, worker, events."""
