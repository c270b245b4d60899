"""What leaders read: sentences and tables made of figures, each of which opens to the people behind it."""
