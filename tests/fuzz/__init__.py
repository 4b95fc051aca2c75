"""Hostile input by the million: seeded generators (`kinds`, `shapes`), the readers that they go through (`readers`), and what must
hold of every answer (`oracle`). `python tests/fuzz/run.py --inputs N` runs it; `test_fuzz.py` runs a few thousand in CI.
"""
