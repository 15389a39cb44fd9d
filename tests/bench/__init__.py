"""Measurements: each module has a `main()` that prints ratios within one run; `script/bench NAME` runs one."""
