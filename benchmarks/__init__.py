"""Performance as ratios measured in one interleaved run; never asserted as times in tests."""
