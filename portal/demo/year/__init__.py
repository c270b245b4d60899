"""A year of an office: a city of two thousand cadres, twelve classes from plan to closing, five years of hours."""
