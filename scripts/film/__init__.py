"""How the films of the sample lessons are drawn."""
